using ExplainService.Graph;
using ExplainService.Graph.Onnx;
using Google.Protobuf;
using Xunit;

namespace ExplainService.Tests.Graph;

/// <summary>Graphs that parse but make no sense are refused with a sentence that says what is wrong.</summary>
public sealed class MalformedGraphTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("graph-tests");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void A_cycle_is_refused() =>
        Refused(
            "cycle",
            model =>
            {
                model.Graph.Node.Add(
                    new NodeProto
                    {
                        OpType = "Neg",
                        Input = { "b" },
                        Output = { "a" },
                    }
                );
                model.Graph.Node.Add(
                    new NodeProto
                    {
                        OpType = "Neg",
                        Input = { "a" },
                        Output = { "b" },
                    }
                );
            }
        );

    [Fact]
    public void A_value_that_is_written_twice_is_refused() =>
        Refused(
            "'y' is written twice",
            model =>
                model.Graph.Node.Add(
                    new NodeProto
                    {
                        OpType = "Abs",
                        Input = { "x" },
                        Output = { "y" },
                    }
                )
        );

    [Fact]
    public void An_input_that_is_declared_twice_is_refused() =>
        Refused("'x' is declared twice", model => model.Graph.Input.Add(model.Graph.Input[0].Clone()));

    [Fact]
    public void A_node_without_a_result_is_refused() =>
        Refused("writes nothing", model => model.Graph.Node.Add(new NodeProto { OpType = "Abs", Input = { "x" } }));

    [Theory]
    [InlineData(-4, "negative dimension")]
    [InlineData(long.MaxValue, "more elements than can be addressed")]
    [InlineData(1L << 40, "needs")]
    public void Sizes_that_cannot_be_are_refused(long size, string because) =>
        Refused(
            because,
            model =>
                model.Graph.Initializer.Add(
                    new TensorProto
                    {
                        Name = "w",
                        DataType = 1,
                        Dims = { size, 3 },
                        RawData = ByteString.CopyFrom(new byte[8]),
                    }
                )
        );

    [Fact]
    public void An_element_type_that_does_not_exist_is_refused() =>
        Refused(
            "type",
            model =>
                model.Graph.Initializer.Add(
                    new TensorProto
                    {
                        Name = "w",
                        DataType = 99,
                        Dims = { 1 },
                        RawData = ByteString.CopyFrom(new byte[8]),
                    }
                )
        );

    [Fact]
    public void An_operator_without_an_input_that_it_needs_is_refused() =>
        Refused(
            "lacks input 1: MatMul needs 2 inputs.",
            model =>
                model.Graph.Node.Add(
                    new NodeProto
                    {
                        OpType = "MatMul",
                        Input = { "x" },
                        Output = { "z" },
                    }
                )
        );

    [Fact]
    public void A_branch_is_checked_as_the_graph_is() =>
        Refused(
            "lacks input 2: Where needs 3 inputs.",
            model =>
            {
                var branch = new GraphProto
                {
                    Name = "branch",
                    Node =
                    {
                        new NodeProto
                        {
                            OpType = "Where",
                            Input = { "x", "x", "" },
                            Output = { "inner" },
                        },
                    },
                    Output = { new ValueInfoProto { Name = "inner" } },
                };
                AttributeProto Named(string name) =>
                    new()
                    {
                        Name = name,
                        Type = AttributeProto.Types.AttributeType.Graph,
                        G = branch,
                    };
                model.Graph.Node.Add(
                    new NodeProto
                    {
                        OpType = "If",
                        Input = { "x" },
                        Output = { "z" },
                        Attribute = { Named("then_branch"), Named("else_branch") },
                    }
                );
            }
        );

    [Fact]
    public void An_attribute_of_another_type_is_refused_by_who_reads_it()
    {
        var node = new Node("Gather", ["x", "y"], ["z"], name: "pick") { Attributes = { ["axis"] = 0.5f } };
        Assert.Equal(
            "Attribute 'axis' of Gather 'pick' (x, y) -> z is not an integer.",
            Assert.Throws<GraphFormatException>(() => node.Int("axis")).Message
        );
    }

    [Fact]
    public void An_attribute_without_its_tensor_is_refused() =>
        Refused(
            "holds none",
            model =>
                model.Graph.Node[0].Attribute.Add(new AttributeProto { Name = "value", Type = AttributeProto.Types.AttributeType.Tensor })
        );

    [Fact]
    public void Functions_that_double_at_every_level_are_refused() =>
        Refused(
            "expand to more than",
            model =>
            {
                for (var level = 0; level < 60; level++)
                {
                    var inner =
                        level == 59 ? new NodeProto { OpType = "Neg" } : new NodeProto { OpType = $"Level{level + 1}", Domain = "local" };
                    var (first, second) = (inner.Clone(), inner.Clone());
                    first.Input.Add("a");
                    first.Output.Add("m");
                    second.Input.Add("m");
                    second.Output.Add("b");
                    model.Functions.Add(
                        new FunctionProto
                        {
                            Name = $"Level{level}",
                            Domain = "local",
                            Input = { "a" },
                            Output = { "b" },
                            Node = { first, second },
                        }
                    );
                }

                model.Graph.Node[0] = new NodeProto
                {
                    OpType = "Level0",
                    Domain = "local",
                    Input = { "x" },
                    Output = { "y" },
                };
            }
        );

    [Fact]
    public void A_function_that_is_defined_twice_is_refused() =>
        Refused(
            "defined twice",
            model =>
                model.Functions.Add([
                    new FunctionProto { Name = "F", Domain = "local" },
                    new FunctionProto { Name = "F", Domain = "local" },
                ])
        );

    [Fact]
    public void Operators_of_an_unknown_domain_are_read()
    {
        var model = SmallestModel.Create();
        model.Graph.Node[0].Domain = "com.example";
        Assert.Equal("com.example", Load(model).Nodes[0].Domain);
    }

    [Fact]
    public void Functions_call_functions_by_overload_and_hand_attributes_on()
    {
        var model = SmallestModel.Create();
        AttributeProto Reference(string name, string to) =>
            new()
            {
                Name = name,
                RefAttrName = to,
                Type = AttributeProto.Types.AttributeType.Float,
            };
        FunctionProto Leaky(string overload, float fallback) =>
            new()
            {
                Name = "Leaky",
                Domain = "local",
                Overload = overload,
                Input = { "a" },
                Output = { "b" },
                AttributeProto =
                {
                    new AttributeProto
                    {
                        Name = "slope",
                        F = fallback,
                        Type = AttributeProto.Types.AttributeType.Float,
                    },
                },
                Node =
                {
                    new NodeProto
                    {
                        OpType = "LeakyRelu",
                        Input = { "a" },
                        Output = { "b" },
                        Attribute = { Reference("alpha", "slope") },
                    },
                },
            };
        model.Functions.Add([Leaky("", 0.1f), Leaky("second", 0.2f)]);
        model.Functions.Add(
            new FunctionProto
            {
                Name = "Outer",
                Domain = "local",
                Input = { "a" },
                Output = { "c" },
                Attribute = { "steepness" },
                Node =
                {
                    new NodeProto
                    {
                        OpType = "Leaky",
                        Domain = "local",
                        Overload = "second",
                        Input = { "a" },
                        Output = { "b" },
                    },
                    new NodeProto
                    {
                        OpType = "Leaky",
                        Domain = "local",
                        Input = { "b" },
                        Output = { "c" },
                        Attribute = { Reference("slope", "steepness") },
                    },
                },
            }
        );
        model.Graph.Node[0] = new NodeProto
        {
            OpType = "Outer",
            Domain = "local",
            Input = { "x" },
            Output = { "y" },
        };
        model
            .Graph.Node[0]
            .Attribute.Add(
                new AttributeProto
                {
                    Name = "steepness",
                    F = 0.7f,
                    Type = AttributeProto.Types.AttributeType.Float,
                }
            );
        Assert.Equal([0.2f, 0.7f], Load(model).Nodes.Select(node => node.Float("alpha")));
    }

    private void Refused(string because, Action<ModelProto> damage)
    {
        var model = SmallestModel.Create();
        damage(model);
        Assert.Contains(because, Assert.Throws<GraphFormatException>(() => Load(model)).Message, StringComparison.Ordinal);
    }

    private ModelGraph Load(ModelProto model)
    {
        var path = Path.Combine(folder.FullName, "model.onnx");
        File.WriteAllBytes(path, model.ToByteArray());
        return OnnxFile.Load(path);
    }
}
