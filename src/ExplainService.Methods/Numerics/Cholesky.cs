using System.Numerics.Tensors;

namespace ExplainService.Methods.Numerics;

/// <summary>
/// The factor L of a symmetric positive definite matrix A = L·Lᵀ, and what is solved with it. Rows are contiguous, so that every
/// inner loop is a dot product; meant for a few thousand rows at most.
/// </summary>
public sealed class Cholesky
{
    private readonly double[] factor;

    private Cholesky(int size, double[] factor) => (Size, this.factor) = (size, factor);

    /// <summary>Rows of the matrix.</summary>
    public int Size { get; }

    /// <summary>
    /// Factors a symmetric matrix [size × size, row by row], of which the lower triangle is read. A matrix that rounding has made
    /// singular is lifted by the smallest power of ten of its mean diagonal that lets it be factored.
    /// </summary>
    /// <exception cref="ArithmeticException">The matrix holds a number that is not finite, or is far from positive definite.</exception>
    public static Cholesky Of(ReadOnlySpan<double> matrix, int size) => Overwriting(matrix.ToArray(), size);

    /// <inheritdoc cref="Of"/>
    /// <remarks>The array becomes the factor's own: a large matrix need not be there twice.</remarks>
    /// <param name="matrix">Its lower triangle is read.</param>
    /// <param name="size">Rows.</param>
    /// <param name="cancellationToken">Asked at every row.</param>
    public static Cholesky Overwriting(double[] matrix, int size, CancellationToken cancellationToken = default)
    {
        // The factor takes the lower triangle; what it is made of stays in the upper one and in the diagonal, for another try.
        var (mean, diagonal) = (0.0, new double[size]);
        for (var i = 0; i < size; i++)
        {
            diagonal[i] = matrix[(i * size) + i];
            mean += diagonal[i] / size;
            for (var j = 0; j < i; j++)
            {
                matrix[(j * size) + i] = matrix[(i * size) + j];
            }
        }

        for (var lift = 0.0; lift <= 1; lift = lift == 0 ? 1e-14 : lift * 10)
        {
            if (TryFactor(matrix, diagonal, lift * mean, cancellationToken))
            {
                return new Cholesky(size, matrix);
            }
        }

        throw new ArithmeticException("The matrix is not positive definite.");
    }

    /// <summary>x of A·x = b.</summary>
    public double[] Solve(ReadOnlySpan<double> right)
    {
        var x = right.ToArray();
        SolveLower(x);
        for (var i = Size - 1; i >= 0; i--)
        {
            x[i] /= factor[(i * Size) + i];
            TensorPrimitives.MultiplyAdd(factor.AsSpan(i * Size, i), -x[i], x.AsSpan(0, i), x.AsSpan(0, i));
        }

        return x;
    }

    /// <summary>z of L·z = b, in place; zᵀz is then bᵀA⁻¹b.</summary>
    public void SolveLower(Span<double> right)
    {
        for (var i = 0; i < Size; i++)
        {
            var row = factor.AsSpan(i * Size, i + 1);
            right[i] = (right[i] - TensorPrimitives.Dot(row[..i], right[..i])) / row[i];
        }
    }

    /// <summary>A⁻¹ [size × size], both triangles.</summary>
    /// <param name="cancellationToken">Asked at every row.</param>
    public double[] Inverse(CancellationToken cancellationToken = default)
    {
        // Row j of `columns` is column j of L⁻¹; A⁻¹ = L⁻ᵀ·L⁻¹ is then made of dot products of its rows.
        var columns = new double[Size * Size];
        for (var j = 0; j < Size; j++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            InvertColumn(j, columns.AsSpan(j * Size, Size));
        }

        var inverse = new double[Size * Size];
        for (var i = 0; i < Size; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (var j = 0; j <= i; j++)
            {
                var entry = TensorPrimitives.Dot(columns.AsSpan((i * Size) + i, Size - i), columns.AsSpan((j * Size) + i, Size - i));
                inverse[(i * Size) + j] = inverse[(j * Size) + i] = entry;
            }
        }

        return inverse;
    }

    /// <summary>The diagonal of A⁻¹ [size], without the rest of it.</summary>
    public double[] InverseDiagonal()
    {
        var (diagonal, column) = (new double[Size], new double[Size]);
        for (var j = 0; j < Size; j++)
        {
            InvertColumn(j, column);
            diagonal[j] = TensorPrimitives.Dot<double>(column.AsSpan(j), column.AsSpan(j));
        }

        return diagonal;
    }

    // Column j of L⁻¹, from its diagonal on.
    private void InvertColumn(int j, Span<double> column)
    {
        column[j] = 1 / factor[(j * Size) + j];
        for (var i = j + 1; i < Size; i++)
        {
            column[i] = -TensorPrimitives.Dot(factor.AsSpan((i * Size) + j, i - j), column[j..i]) / factor[(i * Size) + i];
        }
    }

    private static bool TryFactor(double[] matrix, double[] diagonal, double lift, CancellationToken cancellationToken)
    {
        var size = diagonal.Length;
        for (var i = 0; i < size; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var row = matrix.AsSpan(i * size, size);
            for (var j = 0; j < i; j++)
            {
                var rest = matrix[(j * size) + i] - TensorPrimitives.Dot(row[..j], matrix.AsSpan(j * size, j));
                row[j] = rest / matrix[(j * size) + j];
            }

            // Below this share of the diagonal nothing but rounding is left.
            var pivot = diagonal[i] - TensorPrimitives.Dot(row[..i], row[..i]) + lift;
            if (!(pivot > 1e-15 * diagonal[i]))
            {
                return false;
            }

            row[i] = Math.Sqrt(pivot);
        }

        return true;
    }
}
