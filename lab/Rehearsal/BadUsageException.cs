namespace GwbCloud.Lab.Rehearsal;

/// <summary>What was asked for makes no sense; the message is one line for the person who asked. Nothing has been started.</summary>
public sealed class BadUsageException(string message) : Exception(message);
