using ExplainService.Graph;
using ExplainService.Runtime.Execution;
using ExplainService.Runtime.Folders;
using ExplainService.Runtime.Sessions;
using ExplainService.Text.Tokenization;

namespace ExplainService.Runtime.Models;

/// <summary>Reads a folder whose files somebody may be replacing: what comes out is one model, never parts of two.</summary>
/// <param name="path">The folder.</param>
/// <param name="file">The graph that the configuration names.</param>
/// <param name="loader">Compiles it.</param>
/// <param name="closing">Nothing is read any more.</param>
internal sealed class FolderReader(string path, string? file, ModelLoader loader, CancellationToken closing)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private volatile Task? givenUp;

    /// <summary>Reads and compiles a model.</summary>
    /// <exception cref="ModelNotUsableException">The folder cannot be served, or takes too long.</exception>
    /// <exception cref="ServiceBusyException">
    /// Its files change while they are read, there is not enough memory now, or the service shuts down.
    /// </exception>
    public async Task<(ModelReading Read, ModelForms Forms)> ReadAsync()
    {
        try
        {
            return await ReadInTimeAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (closing.IsCancellationRequested)
        {
            throw ServiceBusyException.ShuttingDown();
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

    /// <summary>
    /// On threads of its own: what cannot be stopped (the compiler, parts of ONNX Runtime) goes on behind the caller's back, alone.
    /// </summary>
    private async Task<(ModelReading Read, ModelForms Forms)> ReadInTimeAsync()
    {
        if (givenUp is { IsCompleted: false })
        {
            throw new ModelNotUsableException("An earlier load of the model took too long and has not ended yet.")
            {
                IsLate = true,
                Model = Path.GetFileName(path),
            };
        }

        var limits = loader.TimeLimits;
        var stop = CancellationTokenSource.CreateLinkedTokenSource(closing);
        var reading = OwnThread.RunAsync(() => ReadOnceAsync(stop));
        try
        {
            return await reading.WaitAsync(limits.Load, limits.Time, closing).ConfigureAwait(false);
        }
        catch (Exception end) when (end is TimeoutException or OperationCanceledException)
        {
            // It ended just then: what came of it is the answer, and nobody else would free it.
            if (reading.IsCompleted)
            {
                return await reading.ConfigureAwait(false);
            }

            await stop.CancelAsync().ConfigureAwait(false);
            givenUp = FreeAsync(reading);
            throw end is TimeoutException
                ? new ModelNotUsableException(TimeLimits.Exceeded("The model did not load", limits.Load, "LoadSeconds"))
                {
                    IsLate = true,
                    Model = Path.GetFileName(path),
                }
                : ServiceBusyException.ShuttingDown();
        }
    }

    private static async Task FreeAsync(Task<(ModelReading Read, ModelForms Forms)> reading)
    {
        try
        {
            await (await reading.ConfigureAwait(false)).Forms.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception)
        {
            // Nothing came of it, and its caller has been told why.
        }
    }

    private async Task<(ModelReading Read, ModelForms Forms)> ReadOnceAsync(CancellationTokenSource stop)
    {
        var folder = ModelFolder.Open(path, file);
        folder.RequireWhole();
        var source = ModelSource.Of(folder);

        // First: a file that cannot be read costs no compilation, and hashing beside it would disturb what is measured there.
        var hash = await ModelHash.OfAsync(folder).ConfigureAwait(false);
        var (forms, description) = await loader.LoadAsync(folder, stop).ConfigureAwait(false);
        try
        {
            var pictures = forms.Limits.Picture;
            var reading = pictures is null ? forms : forms.Texts;
            var tokenizer = reading is null ? Tokenizer.None : ModelLoader.LoadTokenizer(folder, reading.Limits);
            if (!source.IsUntouched(file) && !await IsStillAsync(hash).ConfigureAwait(false))
            {
                throw new ServiceBusyException("The model's files are being replaced; ask again.", RetryAfter, unavailable: true);
            }

            description = pictures is not null
                ? description with
                {
                    PictureProcessor = PictureFiles.Read(folder.Path, pictures),
                    Texts = description.Texts is { } texts
                        ? texts with
                        {
                            StandIns = StandIns
                                .Of(tokenizer, reading!.Padding, texts.EndTokens, reading.Limits.Vocabulary)
                                .Without(tokenizer.Encode("a").Ids[^1]),
                        }
                        : null,
                }
                : description with
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
