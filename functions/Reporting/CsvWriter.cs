using System.Globalization;
using System.Text;

namespace GwbCloud.Functions.Reporting;

/// <summary>Writes CSV (RFC 4180: comma, CRLF, UTF-8 with a byte order mark) line by line, safe to open in a spreadsheet.</summary>
/// <remarks>Nothing is written synchronously: what it writes to is often a response.</remarks>
public sealed class CsvWriter(Stream output) : IAsyncDisposable
{
    readonly StreamWriter _writer = new(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), 64 * 1024, leaveOpen: true);
    readonly StringBuilder _line = new();

    /// <summary>One line of names or values.</summary>
    public async Task WriteAsync(IEnumerable<CsvCell> cells, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(cells);
        _line.Clear().AppendJoin(',', cells).Append("\r\n");
        await _writer.WriteAsync(_line, cancellationToken);
    }

    /// <summary>A whole table: its heads, then its rows as they come.</summary>
    /// <param name="output">Stays open.</param>
    /// <param name="heads">Names of the columns.</param>
    /// <param name="rows">Values, as many as heads.</param>
    /// <param name="source">What the rows are read from; closed at the end.</param>
    /// <param name="cancellationToken">Stops between two rows.</param>
    public static async Task WriteTableAsync(
        Stream output, IReadOnlyList<string> heads, IAsyncEnumerable<IReadOnlyList<CsvCell>> rows, Stream? source, CancellationToken cancellationToken)
    {
        await using (source)
        await using (var csv = new CsvWriter(output))
        {
            await csv.WriteAsync(heads.Select(head => (CsvCell)head), cancellationToken);
            await foreach (var row in rows.WithCancellation(cancellationToken))
            {
                await csv.WriteAsync(row, cancellationToken);
            }
        }
    }

    public ValueTask DisposeAsync() => _writer.DisposeAsync();
}

/// <summary>One value of a CSV line, ready to be written.</summary>
public readonly record struct CsvCell
{
    readonly string? _text;

    CsvCell(string text) => _text = text;

    /// <summary>Always quoted, and made harmless by <see cref="SpreadsheetText"/>.</summary>
    public static implicit operator CsvCell(string? text) => new($"\"{SpreadsheetText.Harmless(text ?? "").Replace("\"", "\"\"", StringComparison.Ordinal)}\"");

    public static implicit operator CsvCell(int number) => new(number.ToString(CultureInfo.InvariantCulture));

    public static implicit operator CsvCell(bool value) => new(value ? "true" : "false");

    public static implicit operator CsvCell(Guid? id) => new(id?.ToString("D") ?? "");

    public static implicit operator CsvCell(Guid id) => (Guid?)id;

    public override string ToString() => _text ?? "";
}
