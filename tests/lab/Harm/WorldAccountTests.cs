using System.Text.Json;
using GwbCloud.Contracts.Json;
using GwbCloud.Lab.Harm;

namespace GwbCloud.Tests.Lab.Harm;

public sealed class WorldAccountTests
{
    [Fact]
    public void Serialize_Account_HasTheShapeOfWorldJson()
    {
        var account = new WorldAccount
        {
            Outcome = "completed",
            Groups = new GroupAccount
            {
                Planned = 2, Kept = 2, GoneByOthers = 0, Renamed = 0, Moved = 0, Duplicated = 0, Emptied = 0, Deleted = 0, SidOrGuidChanged = 0, FrozenUnannounced = 0, CreatedUnannounced = 0,
                StayedUnannounced = 0, NotWrittenUnannounced = 0,
            },
            Members = new MemberAccount { LostAnnounced = 1, LostUnannounced = 0, GainedUnannounced = 0 },
            M365 = new M365Account { NewlyWritten = 3, TypeChanged = 1, Announced = 4, Unannounced = 0 },
            Switch = new SwitchAccount { Calls = 1, Transitions = 1, WithoutApproval = 0, OutsideWindow = 0, Unready = 0 },
            Outside = new OutsideAccount { Switches = 0, Changes = 5 },
            EntraDeletes = 0,
            ExportOutageSeconds = 60,
            OutageHoursBeyondApproved = 0,
            Harm = 0,
            Stages = [new StageAccount { Name = "assess", State = "done", Seconds = 7 }],
        };

        Assert.Equal(
            """{"outcome":"completed","groups":{"planned":2,"kept":2,"goneByOthers":0,"renamed":0,"moved":0,"duplicated":0,"emptied":0,"deleted":0,"sidOrGuidChanged":0,"frozenUnannounced":0,"createdUnannounced":0,"stayedUnannounced":0,"notWrittenUnannounced":0},"members":{"lostAnnounced":1,"lostUnannounced":0,"gainedUnannounced":0},"m365":{"newlyWritten":3,"typeChanged":1,"announced":4,"unannounced":0},"switch":{"calls":1,"transitions":1,"withoutApproval":0,"outsideWindow":0,"unready":0},"outside":{"switches":0,"deeds":0,"changes":5},"entraDeletes":0,"exportOutageSeconds":60,"outageHoursBeyondApproved":0,"harm":0,"stages":[{"name":"assess","state":"done","seconds":7}]}""",
            JsonSerializer.Serialize(account, ContractJson.Options));
    }
}
