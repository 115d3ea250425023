using ExplainService.Runtime;
using Xunit;

namespace ExplainService.Tests.Runtime.Models;

/// <summary>Names of classes as configurations give them, however oddly.</summary>
public sealed class LabelNamesTests : IAsyncDisposable
{
    private readonly ModelFolders folders = new();

    public ValueTask DisposeAsync() => folders.DisposeAsync();

    [Fact]
    public void A_class_far_beyond_those_that_have_names_is_a_mistake()
    {
        var entry = Entry("{\"architectures\": [\"BertForSequenceClassification\"], \"id2label\": {\"999999\": \"x\"}}");
        Assert.Equal((ModelState.Broken, "config.json names class 999999, but only 1 classes have a name."), (entry.State, entry.Error));
        Assert.Empty(entry.Labels);
    }

    [Fact]
    public void A_gap_is_filled_with_numbers() =>
        Assert.Equal(
            ["neg", "LABEL_1", "pos"],
            Entry("{\"architectures\": [\"BertForSequenceClassification\"], \"id2label\": {\"0\": \"neg\", \"2\": \"pos\"}}").Labels
        );

    [Fact]
    public void A_number_of_classes_without_names_is_listed_as_far_as_is_of_use() =>
        Assert.Equal(1000, Entry("{\"architectures\": [\"BertForSequenceClassification\"], \"num_labels\": 2000000000}").Labels.Count);

    private ModelEntry Entry(string config)
    {
        folders.Copy("bert-cls", "model");
        File.WriteAllText(folders.PathOf("model", "config.json"), config);
        return folders.Registry.Find("model");
    }
}
