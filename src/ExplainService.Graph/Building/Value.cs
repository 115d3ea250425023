using ExplainService.Graph.Shapes;

namespace ExplainService.Graph.Building;

/// <summary>A value of a graph under construction: a name, and operators that emit nodes on its <see cref="Tape"/>.</summary>
/// <remarks>Scalars take the other operand's element type. Axes may be negative.</remarks>
public sealed record Value(Tape Tape, string Name)
{
    /// <summary>What is known about it.</summary>
    public TensorInfo Info => Tape.Shapes[Name];

    /// <summary>The element type, or Undefined.</summary>
    public ElementType Type => Info.Type;

    /// <summary>The rank, or null where unknown.</summary>
    public int? Rank => Info.Rank;

    /// <summary>The sum, broadcasting.</summary>
    public static Value operator +(Value a, Value b) => a.Tape.Emit("Add", a, b);

    /// <summary>The difference, broadcasting.</summary>
    public static Value operator -(Value a, Value b) => a.Tape.Emit("Sub", a, b);

    /// <summary>The product, broadcasting.</summary>
    public static Value operator *(Value a, Value b) => a.Tape.Emit("Mul", a, b);

    /// <summary>The quotient, broadcasting.</summary>
    public static Value operator /(Value a, Value b) => a.Tape.Emit("Div", a, b);

    /// <summary>The negative.</summary>
    public static Value operator -(Value a) => a.Tape.Emit("Neg", a);

    /// <summary>Adds a number.</summary>
    public static Value operator +(Value a, double b) => a + a.Tape.Scalar(b, a.Type);

    /// <summary>Subtracts a number.</summary>
    public static Value operator -(Value a, double b) => a - a.Tape.Scalar(b, a.Type);

    /// <summary>Multiplies by a number.</summary>
    public static Value operator *(Value a, double b) => a * a.Tape.Scalar(b, a.Type);

    /// <summary>Multiplies by a number.</summary>
    public static Value operator *(double a, Value b) => b * a;

    /// <summary>Divides by a number.</summary>
    public static Value operator /(Value a, double b) => a / a.Tape.Scalar(b, a.Type);

    /// <summary>Subtracts from a number.</summary>
    public static Value operator -(double a, Value b) => b.Tape.Scalar(a, b.Type) - b;

    /// <summary>Divides a number.</summary>
    public static Value operator /(double a, Value b) => b.Tape.Scalar(a, b.Type) / b;

    /// <summary>The matrix product over the last two axes.</summary>
    public Value MatMul(Value other) => Tape.Emit("MatMul", this, other);

    /// <summary>Permutes axes.</summary>
    public Value Transpose(params long[] perm) => Tape.Emit("Transpose", [this], ("perm", perm));

    /// <summary>Takes a shape known now; -1 and 0 as ONNX has them.</summary>
    public Value Reshape(params long[] shape) => Reshape(Tape.List(shape));

    /// <summary>Takes the shape that a run computes.</summary>
    public Value Reshape(Value shape) => Tape.Emit("Reshape", this, shape);

    /// <summary>Takes the shape of another value.</summary>
    public Value ReshapeLike(Value other) => Reshape(other.Shape());

    /// <summary>Broadcasts to the shape that a run computes.</summary>
    public Value Expand(Value shape) => Tape.Emit("Expand", this, shape);

    /// <summary>Sums over axes.</summary>
    public Value ReduceSum(long[] axes, bool keepdims = true) => Tape.EmitAxes("ReduceSum", this, axes, ("keepdims", keepdims ? 1L : 0L));

    /// <summary>Averages over axes.</summary>
    public Value ReduceMean(long[] axes, bool keepdims = true) => Tape.EmitAxes("ReduceMean", this, axes, ("keepdims", keepdims ? 1L : 0L));

    /// <summary>The largest over axes.</summary>
    public Value ReduceMax(long[] axes, bool keepdims = true) => Tape.EmitAxes("ReduceMax", this, axes, ("keepdims", keepdims ? 1L : 0L));

    /// <summary>Inserts axes of size one.</summary>
    public Value Unsqueeze(params long[] axes) => Tape.EmitAxes("Unsqueeze", this, axes);

    /// <summary>Removes axes of size one.</summary>
    public Value Squeeze(params long[] axes) => Tape.EmitAxes("Squeeze", this, axes);

    /// <summary>Converts elements; itself when the type is already that.</summary>
    public Value Cast(ElementType type) => Type == type ? this : Tape.Emit("Cast", [this], ("to", (long)type));

    /// <summary>The natural exponential.</summary>
    public Value Exp() => Tape.Emit("Exp", this);

    /// <summary>The natural logarithm.</summary>
    public Value Log() => Tape.Emit("Log", this);

    /// <summary>The square root.</summary>
    public Value Sqrt() => Tape.Emit("Sqrt", this);

    /// <summary>The error function.</summary>
    public Value Erf() => Tape.Emit("Erf", this);

    /// <summary>The hyperbolic tangent.</summary>
    public Value Tanh() => Tape.Emit("Tanh", this);

    /// <summary>The logistic function.</summary>
    public Value Sigmoid() => Tape.Emit("Sigmoid", this);

    /// <summary>1/x.</summary>
    public Value Reciprocal() => Tape.Emit("Reciprocal", this);

    /// <summary>The softmax along an axis.</summary>
    public Value Softmax(long axis = -1) => Tape.Emit("Softmax", [this], ("axis", axis));

    /// <summary>The power.</summary>
    public Value Pow(double exponent) => Tape.Emit("Pow", this, Tape.Scalar(exponent, Type));

    /// <summary>Picks slices along an axis.</summary>
    public Value Gather(Value indices, long axis = 0) => Tape.Emit("Gather", [this, indices], ("axis", axis));

    /// <summary>The shape, int64 [rank].</summary>
    public Value Shape() => Tape.Emit("Shape", this);

    /// <summary>One dimension as int64 [1].</summary>
    public Value Size(long axis) => Shape().Gather(Tape.List([axis]));

    /// <summary>Cuts <paramref name="start"/>..<paramref name="end"/> along an axis.</summary>
    public Value Slice(long axis, long start, long end, long step = 1) =>
        Tape.Emit("Slice", this, Tape.List([start]), Tape.List([end]), Tape.List([axis]), Tape.List([step]));

    /// <summary>Cuts along an axis between bounds that a run computes, each int64 [1].</summary>
    public Value Slice(long axis, Value start, Value end) => Tape.Emit("Slice", this, start, end, Tape.List([axis]));

    /// <summary>Elements of <paramref name="yes"/> where this bool is true, else of <paramref name="no"/>.</summary>
    public Value Where(Value yes, Value no) => Tape.Emit("Where", this, yes, no);

    /// <summary>Whether elements equal, bool.</summary>
    public Value EqualTo(Value other) => Tape.Emit("Equal", this, other);

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
