using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using GwbCloud.Lab.World;

namespace GwbCloud.Lab.People;

/// <summary>Salts of the people's records: from the seed, so that two runs sign the same.</summary>
static class LabSalt
{
    public static string Of(SimulatedWorld world, string purpose) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($"{world.Options.Seed}|{purpose}")));
}
