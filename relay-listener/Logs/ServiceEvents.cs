namespace GwbCloud.RelayListener.Logs;

/// <summary>One event that reaches the Windows Event Log. The id is the one of the log files.</summary>
sealed record ServiceEvent(int Id, EventDegree Degree, string Meaning, string WhatToDo);

/// <summary>The closed list of events, so that an administrator can set alarms on them. Everything else stays in the files.</summary>
static class ServiceEvents
{
    public const string Source = "GwbCloud Listener";

    /// <summary>The id of errors that the list does not name.</summary>
    public const int OtherError = 6599;

    public const int Started = 6500;
    public const int Stopped = 6501;
    public const int NotStarted = 6502;
    public const int ContactLost = 6503;
    public const int ContactBack = 6504;
    public const int StoppedAtWork = 6506;

    public static IReadOnlyList<ServiceEvent> All { get; } =
    [
        new(6004, EventDegree.Error, "A job could not be kept on disk. The service ends with an error, and Windows starts it again.",
            "Look at the disk of the data directory; when the service is back, it goes on with its jobs."),
        new(6010, EventDegree.Warning, "A command was refused: forged, expired, for another server, or signed by a key that is not pinned.",
            "After a change of keys: enrol again. Without one: somebody tries the door; look at who may send to the relay."),
        new(6020, EventDegree.Warning, "GroupWritebackV2 is about to be switched off.", "Nothing; it was approved."),
        new(6021, EventDegree.Warning, "The cmdlet of the switch has returned; the text names what the flag reads.", "Read the flag when it does not say False."),
        new(6022, EventDegree.Information, "The switch is verified and waits for the operator's own session.", "Run gwb-listener switch on this server within 15 minutes."),
        new(6023, EventDegree.Warning, "The switch was refused; the text names the reasons.", "Follow the remedies of the codes in docs/errors.md."),
        new(6030, EventDegree.Error, "The guard turned the scheduler off: GroupWritebackV2 went off before the coexistence rules were in place.",
            "Do not turn it on again. Run gwb-listener by-hand and follow it."),
        new(6040, EventDegree.Information, "The relay is online: the cloud half can reach this server.", "Nothing."),
        new(6042, EventDegree.Warning, "The relay is offline; the text names the reason. It is opened anew until it is back.",
            "Follow the remedy of the code in docs/errors.md; a fault of the network heals by itself."),
        new(Started, EventDegree.Information, "The service has started.", "Nothing."),
        new(Stopped, EventDegree.Information, "The service has stopped in order.", "Start it again while a migration is under way."),
        new(NotStarted, EventDegree.Error, "The service could not start.", "Run gwb-listener check and follow its remedies."),
        new(ContactLost, EventDegree.Warning, "No command from the cloud half for a while, and this server stands in staging mode within a migration.",
            "Bring the cloud half back; if that takes long, run gwb-listener by-hand on this server."),
        new(ContactBack, EventDegree.Information, "The cloud half is back.", "Nothing."),
        new(StoppedAtWork, EventDegree.Warning, "The service has stopped while a cmdlet of Connect was still at work.",
            "Start it again; it reads what came of that first. The cmdlet itself may go on meanwhile."),
        new(OtherError, EventDegree.Error, "Another error of the service; the text names it.", "Read the log files of the same minute."),
    ];

    public static ServiceEvent? Find(int id) => All.FirstOrDefault(entry => entry.Id == id);
}
