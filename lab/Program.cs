using GwbCloud.Lab.Hosting;
using GwbCloud.Lab.Measuring;
using GwbCloud.Lab.Rehearsal;

return args switch
{
    [WorldCommandLine.Verb, .. var rest] => await WorldCommandLine.RunAsync(rest, WorldProgram.RunAsync),
    [AssessCommandLine.Verb, .. var rest] => await AssessCommandLine.RunAsync(rest, AssessProgram.RunAsync),
    _ => await CommandLine.RunAsync(args, RehearsalProgram.RunAsync),
};
