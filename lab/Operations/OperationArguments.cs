using System.CommandLine;
using GwbCloud.Lab.Rehearsal;

namespace GwbCloud.Lab.Operations;

/// <summary>The options that every rehearsal of an operation has: the world, undo and denial, folders, output.</summary>
/// <param name="undo">Whether it can be undone; else the help is silent about it, and who types it is told why.</param>
/// <param name="approved">Whether somebody approves it, and the world can be judged when he does not.</param>
sealed class OperationArguments(bool undo = true, bool approved = true)
{
    readonly WorldArguments _world = new("Describes the world; see lab/scenario.schema.json. Options on the command line count more.");
    readonly Option<bool> _undo = new("--undo") { Description = "Takes back afterwards what was written; the world must then be as if nothing had been.", Hidden = !undo };
    readonly Option<bool> _denied = new("--deny") { Description = "The approver says no, where one is asked.", Hidden = !approved };
    readonly Option<string?> _data = StrictOptions.Text("--data", "DIR", "Keeps the journals of product and world; a second start on the same folder goes on.");
    readonly Option<string?> _output = StrictOptions.Text("--output", "DIR", "Folder of operation.json (default rehearsal).");
    readonly Option<int?> _port = StrictOptions.Number("--port", "P", "Port of the product's API on 127.0.0.1 (default a free one).");
    readonly Option<bool> _json = new("--json") { Description = "The account as one JSON object." };
    readonly Option<bool> _quiet = new("--quiet") { Description = "Only the account." };

    public void AddTo(Command command)
    {
        _world.AddTo(command);
        foreach (var option in (Option[])[_undo, _denied, _data, _output, _port, _json, _quiet]) { command.Add(option); }
    }

    /// <summary>What was typed.</summary>
    /// <param name="parsed">The line.</param>
    /// <param name="operation">The operation, without what these options say of it.</param>
    /// <param name="around">What else the story tells; null is nothing.</param>
    /// <exception cref="BadUsageException">The arguments make no sense.</exception>
    public RehearsalOptions Read(ParseResult parsed, OperationStory operation, Func<Story, Story>? around = null)
    {
        if (operation.Kind == UndoneMigration.Kind && parsed.GetValue(_undo)) { throw new BadUsageException("--undo has no meaning here: an undo is not undone."); }
        string? data = parsed.GetValue(_data) is { } typed ? Path.GetFullPath(typed) : null;
        var kept = data is null ? null : StoryFile.Read(data);
        var story = _world.Over(kept ?? new Story(), parsed, _world.Typed(parsed)) with
        {
            Operation = operation with { Undo = parsed.GetValue(_undo), Denied = parsed.GetValue(_denied) },
        };
        story = story with { World = RehearsedOperation.Of(story.Operation).In(story.World) };
        story = around?.Invoke(story) ?? story;
        if (kept is not null && !story.IsSameAs(kept))
        {
            throw new BadUsageException($"The folder {Quoted.Of(data!)} holds a rehearsal that was started with other options; name another folder.");
        }

        return new RehearsalOptions
        {
            Story = story,
            Data = data,
            Output = Path.GetFullPath(parsed.GetValue(_output) ?? "rehearsal"),
            Port = StrictOptions.Port(parsed, _port),
            Console = (parsed.GetValue(_json), parsed.GetValue(_quiet)) switch
            {
                (true, true) => ConsoleMode.QuietJson,
                (true, false) => ConsoleMode.Json,
                (false, true) => ConsoleMode.Quiet,
                _ => ConsoleMode.People,
            },
        };
    }
}
