using System.Security.Cryptography;
using GwbCloud.Contracts.Commands;
using GwbCloud.Journal;
using GwbCloud.RelayListener.ActiveDirectory;
using GwbCloud.RelayListener.AdSync;
using GwbCloud.RelayListener.Errors;
using Microsoft.AspNetCore.Connections;

namespace GwbCloud.RelayListener.Service;

/// <summary>What an exception means to the administrator at the console.</summary>
static class ServiceFault
{
    /// <summary>The error, or null for what nobody foresaw.</summary>
    public static CommandError? Of(Exception exception) => exception switch
    {
        CommandFailedException known => known.Error,
        AdSyncException adSync => adSync.Error,
        DirectoryException directory => directory.Error,
        JournalInUseException => ServiceError.DataDirectoryInUse.ToError(),
        JournalException damaged => ServiceError.DataDirectoryDenied.ToError(damaged.Message),
        UnauthorizedAccessException denied => ServiceError.DataDirectoryDenied.ToError(denied.Message),
        CryptographicException => ServiceError.KeyUnusable.ToError(),
        IOException { InnerException: AddressInUseException } taken => ServiceError.AddressTaken.ToError(taken.Message),
        IOException disk => ServiceError.DataDirectoryDenied.ToError(disk.Message),
        _ => null,
    };
}
