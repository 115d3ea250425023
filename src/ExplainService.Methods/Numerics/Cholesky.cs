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

    /// <summary>The logarithm of the matrix' determinant.</summary>
    public double LogDeterminant
    {
        get
        {
            var sum = 0.0;
            for (var i = 0; i < Size; i++)
            {
                sum += Math.Log(factor[(i * Size) + i]);
            }

            return 2 * sum;
        }
    }

    /// <summary>
    /// Factors a symmetric matrix [size × size, row by row], of which the lower triangle is read. A matrix that rounding has made
    /// singular is lifted by the smallest power of ten of its mean diagonal that lets it be factored.
    /// </summary>
    /// <exception cref="ArithmeticException">The matrix holds a number that is not finite, or is far from positive definite.</exception>
    public static Cholesky Of(ReadOnlySpan<double> matrix, int size)
    {
        var mean = 0.0;
        for (var i = 0; i < size; i++)
        {
            mean += matrix[(i * size) + i] / size;
        }

        for (var lift = 0.0; lift <= 1; lift = lift == 0 ? 1e-14 : lift * 10)
        {
            if (TryFactor(matrix, size, lift * mean) is { } factor)
            {
                return new Cholesky(size, factor);
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
    public double[] Inverse()
    {
        // Row j of `columns` is column j of L⁻¹; A⁻¹ = L⁻ᵀ·L⁻¹ is then made of dot products of its rows.
        var columns = new double[Size * Size];
        for (var j = 0; j < Size; j++)
        {
            var x = columns.AsSpan(j * Size, Size);
            x[j] = 1 / factor[(j * Size) + j];
            for (var i = j + 1; i < Size; i++)
            {
                x[i] = -TensorPrimitives.Dot(factor.AsSpan((i * Size) + j, i - j), x[j..i]) / factor[(i * Size) + i];
            }
        }

        var inverse = new double[Size * Size];
        for (var i = 0; i < Size; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var entry = TensorPrimitives.Dot(columns.AsSpan((i * Size) + i, Size - i), columns.AsSpan((j * Size) + i, Size - i));
                inverse[(i * Size) + j] = inverse[(j * Size) + i] = entry;
            }
        }

        return inverse;
    }

    private static double[]? TryFactor(ReadOnlySpan<double> matrix, int size, double lift)
    {
        var factor = new double[size * size];
        for (var i = 0; i < size; i++)
        {
            var row = factor.AsSpan(i * size, size);
            for (var j = 0; j <= i; j++)
            {
                var rest = matrix[(i * size) + j] - TensorPrimitives.Dot(row[..j], factor.AsSpan(j * size, j));
                if (j < i)
                {
                    row[j] = rest / factor[(j * size) + j];
                    continue;
                }

                // Below this share of the diagonal nothing but rounding is left.
                rest += lift;
                if (!(rest > 1e-15 * matrix[(i * size) + i]))
                {
                    return null;
                }

                row[i] = Math.Sqrt(rest);
            }
        }

        return factor;
    }
}
