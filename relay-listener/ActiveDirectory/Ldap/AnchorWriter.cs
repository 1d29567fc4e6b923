using System.DirectoryServices.Protocols;
using GwbCloud.Contracts.Commands;
using GwbCloud.RelayListener.Errors;

namespace GwbCloud.RelayListener.ActiveDirectory.Ldap;

/// <summary>Sets and clears anchors, several at a time; the server compares and writes in one step.</summary>
/// <remarks>
/// Adding a value to an attribute that takes one only, and deleting a named value, both fail on the server when the attribute is not as
/// expected. So no lock is needed, and no write of somebody else is lost. docs/decisions/0020-ldap.md.
/// </remarks>
/// <param name="sessions">Connections to the writable domain controller; each has one write under way.</param>
sealed class AnchorWriter(IReadOnlyList<LdapSession> sessions)
{
    public const string Attribute = "msDS-ExternalDirectoryObjectId";

    /// <summary>Writes that a connection takes at once.</summary>
    const int Share = 25;

    CommandError? _broken;
    int _next;

    /// <summary>See <see cref="IDirectory.WriteAnchorsAsync"/>. For one call.</summary>
    public async Task<IReadOnlyList<AnchorOutcome>> WriteAsync(IReadOnlyList<AnchorWrite> writes, CancellationToken cancellationToken)
    {
        var outcomes = new AnchorOutcome?[writes.Count];
        await Task.WhenAll(sessions.Select(session => WorkAsync(session, writes, outcomes, cancellationToken)));
        cancellationToken.ThrowIfCancellationRequested();
        return [.. writes.Select((write, i) => outcomes[i] ?? Outcome(write, AnchorState.Unknown, _broken))];
    }

    async Task WorkAsync(LdapSession session, IReadOnlyList<AnchorWrite> writes, AnchorOutcome?[] outcomes, CancellationToken cancellationToken)
    {
        while (_broken is null && !cancellationToken.IsCancellationRequested && Interlocked.Add(ref _next, Share) - Share is var first && first < writes.Count)
        {
            AnchorWrite[] share = [.. writes.Skip(first).Take(Share)];
            try
            {
                var faults = await session.WriteManyAsync([.. share.Select(RequestOf)], cancellationToken);
                for (int i = 0; i < faults.Count; i++) { outcomes[first + i] = await OutcomeAsync(session, share[i], faults[i]); }
            }
            catch (DirectoryException e)
            {
                _broken = e.Error;
            }
            if (outcomes.AsSpan(first, share.Length).ToArray().FirstOrDefault(outcome => outcome?.State == AnchorState.Unknown) is { } unknown) { _broken ??= unknown.Error; }
        }
    }

    static (DirectoryRequest Request, string About) RequestOf(AnchorWrite write)
    {
        string name = LdapText.NameOf(write.ObjectGuid);
        return (new ModifyRequest(name, write.Clear ? DirectoryAttributeOperation.Delete : DirectoryAttributeOperation.Add, Attribute, write.Value), name);
    }

    static async Task<AnchorOutcome> OutcomeAsync(LdapSession session, AnchorWrite write, DirectoryException? fault)
    {
        if (fault is null) { return Outcome(write, AnchorState.Written); }
        if (fault.Error.Code == DirectoryError.NoSuchObject.Code) { return Outcome(write, AnchorState.Gone); }
        if (fault.Error.Code == DirectoryError.Rejected.Code) { return await WhyAsync(session, write, LdapText.NameOf(write.ObjectGuid), fault.Error); }
        // Only the last request of a share can have lost its answer: after it nothing more was sent.
        return Outcome(write, session.IsBroken ? AnchorState.Unknown : AnchorState.Refused, fault.Error);
    }

    /// <summary>The server kept its value. It does not say which, and servers differ in the code for it: read, then tell.</summary>
    static async Task<AnchorOutcome> WhyAsync(LdapSession session, AnchorWrite write, string name, CommandError rejected)
    {
        try
        {
            if (await session.ReadAsync(new() { Base = name, Attributes = [Attribute] }, CancellationToken.None) is not { } entry)
            {
                return Outcome(write, AnchorState.Gone);
            }
            string? now = entry.Text(Attribute);
            var (before, after) = write.Clear ? (write.Value, null) : ((string?)null, write.Value);
            // As it should have been for the write: the server has another reason.
            return now == after ? Outcome(write, AnchorState.AlreadySo)
                : now == before ? Outcome(write, AnchorState.Refused, rejected)
                : Outcome(write, AnchorState.HoldsOther);
        }
        catch (DirectoryException e)
        {
            return Outcome(write, AnchorState.Unknown, e.Error);
        }
    }

    static AnchorOutcome Outcome(AnchorWrite write, AnchorState state, CommandError? error = null) =>
        new() { ObjectGuid = write.ObjectGuid, State = state, Error = error };
}
