using GwbCloud.Lab.Auditing;
using GwbCloud.Lab.Hosting;
using GwbCloud.Lab.Measuring;
using GwbCloud.Lab.Operations;
using GwbCloud.Lab.Rehearsal;

return args switch
{
    [WorldCommandLine.Verb, .. var rest] => await WorldCommandLine.RunAsync(rest, WorldProgram.RunAsync),
    [AssessCommandLine.Verb, .. var rest] => await AssessCommandLine.RunAsync(rest, AssessProgram.RunAsync),
    [DefaultsCommandLine.Verb, .. var rest] => await DefaultsCommandLine.RunAsync(rest, OperationProgram.RunAsync),
    [DiscoverCommandLine.Verb, .. var rest] => await DiscoverCommandLine.RunAsync(rest, OperationProgram.RunAsync),
    [UndoCommandLine.Verb, .. var rest] => await UndoCommandLine.RunAsync(rest, OperationProgram.RunAsync),
    [EnableCommandLine.Verb, .. var rest] => await EnableCommandLine.RunAsync(rest, OperationProgram.RunAsync),
    [CleanUpCommandLine.Verb, .. var rest] => await CleanUpCommandLine.RunAsync(rest, OperationProgram.RunAsync),
    [RestoreCommandLine.Verb, .. var rest] => await RestoreCommandLine.RunAsync(rest, OperationProgram.RunAsync),
    [AuditCommandLine.Verb, .. var rest] => await AuditCommandLine.RunAsync(rest, Console.Out),
    _ => await CommandLine.RunAsync(args, RehearsalProgram.RunAsync),
};
