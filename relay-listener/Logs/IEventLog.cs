using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.Versioning;
using System.Security;

namespace GwbCloud.RelayListener.Logs;

/// <summary>The Windows Event Log, log Application, source <see cref="ServiceEvents.Source"/>.</summary>
interface IEventLog
{
    void Write(EventDegree degree, int id, string text);

    /// <summary>The source is registered, so that entries have their text.</summary>
    bool HasSource();

    /// <summary>Registers the source; wants an administrator. Does nothing when it is there.</summary>
    void AddSource();

    /// <summary>Takes the source away; does nothing when it is not there.</summary>
    void RemoveSource();
}

/// <summary>How an entry is marked.</summary>
enum EventDegree
{
    Information,
    Warning,
    Error,
}

/// <summary>Where there is no Event Log.</summary>
sealed class NoEventLog : IEventLog
{
    public static IEventLog ForThisMachine() => OperatingSystem.IsWindows() ? new WindowsEventLog() : new NoEventLog();

    public void Write(EventDegree degree, int id, string text)
    {
    }

    public bool HasSource() => false;

    public void AddSource()
    {
    }

    public void RemoveSource()
    {
    }
}

/// <summary>The real one. An entry that cannot be written is lost: the files hold it as well.</summary>
[SupportedOSPlatform("windows")]
sealed class WindowsEventLog : IEventLog
{
    const int LongestText = 30_000;

    public void Write(EventDegree degree, int id, string text)
    {
        try
        {
            EventLog.WriteEntry(ServiceEvents.Source, text.Length > LongestText ? text[..LongestText] : text, TypeOf(degree), id);
        }
        catch (Exception e) when (e is SecurityException or InvalidOperationException or Win32Exception or ArgumentException)
        {
            // The source is not registered, or the log is full and may not be overwritten.
        }
    }

    public bool HasSource()
    {
        try
        {
            return EventLog.SourceExists(ServiceEvents.Source);
        }
        catch (SecurityException)
        {
            // Not found in the logs that this account may search; the others are not ours.
            return false;
        }
    }

    public void AddSource()
    {
        if (!HasSource()) { EventLog.CreateEventSource(new EventSourceCreationData(ServiceEvents.Source, "Application")); }
    }

    public void RemoveSource()
    {
        if (HasSource()) { EventLog.DeleteEventSource(ServiceEvents.Source); }
    }

    static EventLogEntryType TypeOf(EventDegree degree) => degree switch
    {
        EventDegree.Error => EventLogEntryType.Error,
        EventDegree.Warning => EventLogEntryType.Warning,
        _ => EventLogEntryType.Information,
    };
}
