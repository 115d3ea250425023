using ExplainService.Runtime;
using Xunit;

namespace ExplainService.Tests.Runtime;

public sealed class MemoryShortageTests
{
    [Fact]
    public void The_runtimes_own_exception_tells() => Assert.True(MemoryShortage.Caused(new InsufficientMemoryException()));

    [Theory]
    [InlineData("Non-zero status code returned while running MatMul node: std::bad_alloc", true)]
    [InlineData("BFCArena::AllocateRawInternal Failed to allocate memory for requested buffer of size 4294967296", true)]
    [InlineData("CUDA failure 2: out of memory", true)]
    [InlineData("Load model failed: Protobuf parsing failed.", false)]
    public void ONNX_Runtimes_words_tell(string message, bool expected) =>
        Assert.Equal(expected, MemoryShortage.Caused(new InvalidOperationException(message)));

    [Fact]
    public void What_another_exception_carries_inside_tells() =>
        Assert.True(MemoryShortage.Caused(new ModelNotUsableException("it did not load", new InsufficientMemoryException())));
}
