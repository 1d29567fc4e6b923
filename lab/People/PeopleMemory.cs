using GwbCloud.Functions.Assessment;
using GwbCloud.Lab.World;

namespace GwbCloud.Lab.People;

/// <summary>What the simulated people have done so far; in the world's journal, so that a kill makes nobody forget or decide anew.</summary>
sealed class PeopleMemory(SimulatedWorld world)
{
    const string Only = "only";

    readonly Table<RequesterMemory> _requester = world.Store.Table<RequesterMemory>("people.requester");
    readonly Table<TaskMemory> _tasks = world.Store.Table<TaskMemory>("people.tasks");
    readonly Table<LookMemory> _looks = world.Store.Table<LookMemory>("people.looks");
    readonly Table<DecisionMemory> _decisions = world.Store.Table<DecisionMemory>("people.decisions");

    public RequesterMemory Requester => world.Store.Read(() => _requester.Find(Only)) ?? new RequesterMemory();

    public async Task KeepAsync(RequesterMemory memory) => await world.Store.ChangeAsync(c => _requester.Put(c, Only, memory));

    public TaskMemory? Task(string id) => world.Store.Read(() => _tasks.Find(id));

    public async Task KeepAsync(string id, TaskMemory memory) => await world.Store.ChangeAsync(c => _tasks.Put(c, id, memory));

    /// <summary>When a person looks next, or looked last; null before the first look.</summary>
    public DateTimeOffset? NextLook(string person) => world.Store.Read(() => _looks.Find(person))?.At;

    public async Task KeepLookAsync(string person, DateTimeOffset at) => await world.Store.ChangeAsync(c => _looks.Put(c, person, new LookMemory { At = at }));

    public DecisionMemory? Decision(string key) => world.Store.Read(() => _decisions.Find(key));

    /// <summary>Decisions in the order of their keys.</summary>
    public IReadOnlyList<DecisionMemory> Decisions => world.Store.Read(() => _decisions.Values.ToList());

    public async Task KeepAsync(string key, DecisionMemory memory) => await world.Store.ChangeAsync(c => _decisions.Put(c, key, memory));
}

sealed record RequesterMemory
{
    /// <summary>Assessments so far, the last one last.</summary>
    public IReadOnlyList<string> Assessments { get; init; } = [];

    /// <summary>What the next assessment accepts.</summary>
    public IReadOnlyList<Acceptance> Acceptances { get; init; } = [];

    /// <summary>How often something that blocked was resolved.</summary>
    public int Resolved { get; init; }

    /// <summary>How often an assessment failed and was started again.</summary>
    public int Failed { get; init; }
    public string? MigrationId { get; init; }

    /// <summary>How often a parked migration was asked to try again.</summary>
    public int Retries { get; init; }

    /// <summary>How often an ended migration was taken up again.</summary>
    public int TakenUp { get; init; }

    /// <summary>Assessments and migrations of a first attempt that ended before the switch; empty while there is none.</summary>
    public IReadOnlyList<string> Earlier { get; init; } = [];

    /// <summary>When the second attempt begins.</summary>
    public DateTimeOffset? AgainAt { get; init; }

    /// <summary>Set when the assessment ended everything: blocked or failed.</summary>
    public string? EndedAs { get; init; }

    /// <summary>When it ended, whenever the requester saw it: the migration's own end, or the look at the assessment that ended everything.</summary>
    public DateTimeOffset? EndedAt { get; init; }
}

sealed record TaskMemory
{
    public required DateTimeOffset DoneAt { get; init; }

    /// <summary>True once the product has been told.</summary>
    public bool Told { get; init; }
}

sealed record LookMemory
{
    public required DateTimeOffset At { get; init; }
}

/// <summary>What a simulated person decided at a gate.</summary>
public sealed record DecisionMemory
{
    public required string Person { get; init; }

    /// <summary>plan or switch.</summary>
    public required string Gate { get; init; }
    public required bool Approved { get; init; }
    public required DateTimeOffset At { get; init; }
    public required DateTimeOffset Deadline { get; init; }

    /// <summary>True once the product has taken it.</summary>
    public bool Taken { get; init; }

    /// <summary>True once the product has refused it. Neither, when a kill came before the answer: decided it is all the same.</summary>
    public bool Refused { get; init; }
}
