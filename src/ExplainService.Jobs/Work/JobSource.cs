using ExplainService.Jobs.Contracts;
using ExplainService.Jobs.Inputs;
using ExplainService.Jobs.Store;

namespace ExplainService.Jobs.Work;

/// <summary>Where the rows of a job come from: a file, or an earlier job; of kind <c>drift</c> beside what an earlier job answered to them.</summary>
/// <param name="store">Where earlier jobs are.</param>
/// <param name="file">The file; null: the rows are those of <paramref name="answered"/>.</param>
/// <param name="format">How it is written.</param>
/// <param name="answered">A job whose answers are compared.</param>
/// <param name="before">The job that they are compared with.</param>
internal sealed class JobSource(IJobStore store, InputFile? file, RowFormat? format, JobRecord? answered, JobRecord? before)
{
    /// <summary>What is read.</summary>
    public InputFacts Facts { get; } =
        file is not null
            ? new InputFacts
            {
                Name = file.Name,
                Format = InputFormats.Of(file, format),
                Bytes = file.Bytes,
                Sha256 = file.Sha256,
            }
            : answered!.Input! with
            {
                Job = answered.Id,
            };

    /// <summary>Of the models that have answered the rows already.</summary>
    public string? ModelHashes => answered?.ModelHashes;

    /// <summary>The rows, in order.</summary>
    public IAsyncEnumerable<InputRow> RowsAsync(JobColumns columns, long limit, CancellationToken cancellationToken)
    {
        var rows = file is not null
            ? InputFormats.ReadAsync(file, Facts.Format, columns, limit, cancellationToken)
            : new EarlierRows(store, answered!).AnsweredAsync(cancellationToken);
        return before is null ? rows : new EarlierRows(store, before).BesideAsync(rows, cancellationToken);
    }
}
