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

    CommandError? _broken;
    int _next = -1;

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
        while (_broken is null && !cancellationToken.IsCancellationRequested && Interlocked.Increment(ref _next) is var i && i < writes.Count)
        {
            var outcome = await WriteAsync(session, writes[i]);
            outcomes[i] = outcome;
            if (outcome.State == AnchorState.Unknown) { _broken = outcome.Error; }
        }
    }

    static async Task<AnchorOutcome> WriteAsync(LdapSession session, AnchorWrite write)
    {
        string name = LdapText.NameOf(write.ObjectGuid);
        try
        {
            var operation = write.Clear ? DirectoryAttributeOperation.Delete : DirectoryAttributeOperation.Add;
            await session.WriteAsync(new ModifyRequest(name, operation, Attribute, write.Value), name, CancellationToken.None);
            return Outcome(write, AnchorState.Written);
        }
        catch (DirectoryException e) when (e.Error.Code == DirectoryError.NoSuchObject.Code)
        {
            return Outcome(write, AnchorState.Gone);
        }
        catch (DirectoryException e) when (e.Error.Code == DirectoryError.Rejected.Code)
        {
            return await WhyAsync(session, write, name, e.Error);
        }
        catch (DirectoryException e)
        {
            return Outcome(write, session.IsBroken ? AnchorState.Unknown : AnchorState.Refused, e.Error);
        }
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
