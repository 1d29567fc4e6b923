using GwbCloud.RelayListener.CommandLine;

return await ListenerCommandLine.RunAsync(args, Console.Out, Console.Error);
