using ExplainService.Graph;
using ExplainService.Runtime.Execution;
using ExplainService.Runtime.Folders;

namespace ExplainService.Runtime.Models;

/// <summary>Reads a folder whose files somebody may be replacing: what comes out is one model, never parts of two.</summary>
internal sealed class FolderReader(string path, string? file, ModelLoader loader)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>Reads and compiles a model.</summary>
    /// <exception cref="ModelNotUsableException">The folder cannot be served.</exception>
    /// <exception cref="ServiceBusyException">Its files change while they are read, or there is not enough memory now.</exception>
    public async Task<(ModelReading Read, ModelForms Forms)> ReadAsync()
    {
        try
        {
            return await ReadOnceAsync().ConfigureAwait(false);
        }
        catch (Exception problem) when (MemoryShortage.Caused(problem))
        {
            throw MemoryShortage.Refusal($"to load the model '{Path.GetFileName(path)}'");
        }
        catch (Exception problem) when (problem is not ServiceBusyException)
        {
            throw FolderProblem.Of(problem, path);
        }
    }

    /// <summary>Reads the same model as before.</summary>
    /// <exception cref="ServiceBusyException">It is not there any more.</exception>
    public async Task<ModelForms> ReloadAsync(ModelReading before)
    {
        if (!before.Source.IsUntouched(file) && !await IsStillAsync(before.Hash).ConfigureAwait(false))
        {
            throw Replaced();
        }

        var (read, forms) = await ReadAsync().ConfigureAwait(false);
        if (read.Hash == before.Hash)
        {
            return forms;
        }

        await forms.DisposeAsync().ConfigureAwait(false);
        throw Replaced();
    }

    private async Task<(ModelReading Read, ModelForms Forms)> ReadOnceAsync()
    {
        var folder = ModelFolder.Open(path, file);
        folder.RequireWhole();
        var source = ModelSource.Of(folder);

        // First: a file that cannot be read costs no compilation, and hashing beside it would disturb what is measured there.
        var hash = await ModelHash.OfAsync(folder).ConfigureAwait(false);
        var (forms, description) = await loader.LoadAsync(folder).ConfigureAwait(false);
        try
        {
            var tokenizer = ModelLoader.LoadTokenizer(folder, forms.Limits);
            if (!source.IsUntouched(file) && !await IsStillAsync(hash).ConfigureAwait(false))
            {
                throw new ServiceBusyException("The model's files are being replaced; ask again.", RetryAfter, unavailable: true);
            }

            description = description with
            {
                StandIns = StandIns.Of(
                    tokenizer,
                    forms.Padding,
                    description.EndTokens,
                    Math.Min(forms.Limits.Vocabulary, forms.Limits.DecoderVocabulary)
                ),
                Warnings = [.. description.Warnings, .. VocabularyFit.Warnings(tokenizer.VocabularySize, forms.Limits.Vocabulary)],
            };
            return (new ModelReading(description, tokenizer, source, hash, folder.Bytes), forms);
        }
        catch
        {
            await forms.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task<bool> IsStillAsync(ModelHash hash)
    {
        try
        {
            return await ModelHash.OfAsync(ModelFolder.Open(path, file)).ConfigureAwait(false) == hash;
        }
        catch (Exception error)
            when (error is ModelNotUsableException or GraphFormatException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static ServiceBusyException Replaced() =>
        new("The model's files were replaced while it was being explained; ask again.", RetryAfter, unavailable: true);
}
