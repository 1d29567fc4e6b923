using GwbCloud.RelayListener.Errors;

namespace GwbCloud.RelayListener.ActiveDirectory.Ldap;

/// <summary>One server for the whole run: its session, opened when first needed and again after a fault.</summary>
/// <remarks>
/// Whatever server answers first is pinned by its own settings object. Another one behind the same name, after a reconnect, is refused:
/// it may not yet have what was written to the first.
/// </remarks>
/// <param name="options">The way there.</param>
/// <param name="host">A server or a domain; null is this computer's domain.</param>
/// <param name="catalog">Ask its global catalog.</param>
/// <param name="pinned">The server that it must be, where that is known.</param>
/// <param name="unfit">Why a server can't be taken, or null; the text ends an error's message.</param>
sealed class LdapServer(LdapOptions options, string? host, bool catalog, RootDse? pinned = null, Func<RootDse, string?>? unfit = null) : IDisposable
{
    /// <summary>A connection at rest for longer is asked whether it still lives, before a write is trusted to it.</summary>
    static readonly TimeSpan RestsFor = TimeSpan.FromSeconds(60);

    readonly SemaphoreSlim _gate = new(1, 1);
    LdapSession? _session;
    RootDse? _pinned = pinned;
    bool _disposed;

    /// <summary>The session, living as far as anybody can tell.</summary>
    /// <exception cref="DirectoryException">GWB6101 or GWB6108 when there is no way in, GWB6109 when the server is none to work with.</exception>
    public async Task<LdapSession> SessionAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_session is { IsBroken: false } living && (living.Idle < RestsFor || await living.AnswersAsync(cancellationToken))) { return living; }
            _session?.Dispose();
            _session = null;
            var session = await LdapSession.OpenAsync(options, _pinned?.HostName ?? host, catalog, exact: catalog || _pinned is not null, cancellationToken);
            try
            {
                Accept(session.RootDse);
            }
            catch
            {
                session.Dispose();
                throw;
            }
            _pinned ??= session.RootDse;
            return _session = session;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose()
    {
        _disposed = true;
        _session?.Dispose();
    }

    void Accept(RootDse found)
    {
        if (_pinned is { } before && !string.Equals(before.ServiceName, found.ServiceName, StringComparison.OrdinalIgnoreCase))
        {
            throw Unfit($"{found.HostName} answers where {before.HostName} did before");
        }
        // Takes some minutes after a restart, and hours after a restore: the same server may do later.
        if (!found.IsSynchronized) { throw Unfit($"{found.HostName}: is not synchronized with the other domain controllers", transient: true); }
        if (unfit?.Invoke(found) is { } why) { throw Unfit($"{found.HostName}: {why}"); }
    }

    static DirectoryException Unfit(string detail, bool transient = false) => new(DirectoryError.ServerUnfit.ToError(detail, transient));
}
