using System.Collections.Concurrent;
using System.DirectoryServices.Protocols;
using GwbCloud.Lab.Forest;
using GwbCloud.Lab.World;

namespace GwbCloud.Lab.DomainController;

/// <summary>Carries the world's changes out in the directory, one by one, each before the world knows of it.</summary>
/// <remarks>
/// The directory gives identities. Those of the first moment come from the fill, so that the seeder makes the filled world again; that is
/// why nothing is carried out before <see cref="GoLive"/>.
/// </remarks>
sealed class ForestOnTheWire : IForestDirectory
{
    readonly ConcurrentDictionary<Guid, ForestIdentity> _identities;
    readonly DirectoryWriter _writer;
    readonly DirectoryReader _reader;
    bool _live;

    /// <param name="connection">To the directory.</param>
    /// <param name="filled">Identities of what is there, by the objectGUID that each object has in a world without a directory.</param>
    public ForestOnTheWire(DirectoryConnection connection, IReadOnlyDictionary<Guid, ForestIdentity> filled)
    {
        (_writer, _reader) = (new(connection), new(connection));
        _identities = new(filled);
    }

    /// <summary>From now on what happens to the world happens to the directory.</summary>
    public void GoLive() => _live = true;

    public ForestIdentity Create(AdObject made)
    {
        if (!_live)
        {
            return _identities.TryGetValue(made.ObjectGuid, out var known) ? known : throw new InvalidOperationException($"{made.DistinguishedName} was not filled in.");
        }

        return _identities[made.ObjectGuid] = Carry(() =>
        {
            _writer.Make(made, made.Members);
            var there = _reader.Find(made.DistinguishedName) ?? throw new ForestException(ForestRefusal.NoSuchObject, $"{made.DistinguishedName} is not where it was made.");
            return new ForestIdentity(there.ObjectGuid, there.Sid);
        });
    }

    public void Change(AdObject before, AdObject after)
    {
        if (_live) { Carry(() => _writer.Change(before, after)); }
    }

    public void Delete(AdObject gone)
    {
        if (_live) { Carry(() => _writer.Delete(gone.DistinguishedName)); }
    }

    public IForestDirectory Unattended() => new Known(_identities);

    /// <summary>What the product did is carried into the world.</summary>
    public DirectoryObject? Read(Guid objectGuid) => _reader.Find(objectGuid);

    public void MarkAsMade(Guid objectGuid) => _writer.MarkAsMade(objectGuid);

    static void Carry(Action action) => Carry(() =>
    {
        action();
        return true;
    });

    static T Carry<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (DirectoryOperationException e) when (Refusal(e.Response?.ResultCode) is { } refusal)
        {
            throw new ForestException(refusal, e.Response!.ErrorMessage);
        }
        catch (Exception e) when (e is DirectoryOperationException or LdapException)
        {
            throw new DirectoryLostException($"The directory failed the world: {e.Message}", e);
        }
    }

    static ForestRefusal? Refusal(ResultCode? code) => code switch
    {
        ResultCode.NoSuchObject => ForestRefusal.NoSuchObject,
        ResultCode.EntryAlreadyExists => ForestRefusal.EntryAlreadyExists,
        ResultCode.InsufficientAccessRights => ForestRefusal.AccessDenied,
        ResultCode.UnwillingToPerform or ResultCode.ConstraintViolation => ForestRefusal.UnwillingToPerform,
        _ => null,
    };

    /// <summary>Identities alone.</summary>
    sealed class Known(ConcurrentDictionary<Guid, ForestIdentity> identities) : IForestDirectory
    {
        public ForestIdentity Create(AdObject made) => identities.GetValueOrDefault(made.ObjectGuid) ?? new(made.ObjectGuid, made.Sid);

        public void Change(AdObject before, AdObject after)
        {
        }

        public void Delete(AdObject gone)
        {
        }

        public IForestDirectory Unattended() => this;
    }
}

/// <summary>The directory stopped answering, or answered in a way that no directory should.</summary>
public sealed class DirectoryLostException(string message, Exception inner) : IOException(message, inner);
