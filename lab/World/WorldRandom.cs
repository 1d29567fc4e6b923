using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace GwbCloud.Lab.World;

/// <summary>Chance that depends on seed, purpose and key alone, never on what was asked before.</summary>
public sealed class WorldRandom(int seed)
{
    /// <summary>A number from 0 up to, not including, <paramref name="limit"/>.</summary>
    public int Next(string purpose, string key, int limit) => (int)(Number(purpose, key) % (uint)limit);

    /// <summary>True with the given probability, from 0 to 1.</summary>
    public bool Chance(string purpose, string key, double probability) => Number(purpose, key) / (double)ulong.MaxValue < probability;

    /// <summary>A GUID of version 4.</summary>
    public Guid Id(string purpose, string key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Hash(purpose, key, hash);
        hash[7] = (byte)(hash[7] & 0x0F | 0x40);
        hash[8] = (byte)(hash[8] & 0x3F | 0x80);
        return new Guid(hash[..16]);
    }

    /// <summary>Sixty-four bits.</summary>
    public ulong Number(string purpose, string key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Hash(purpose, key, hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }

    void Hash(string purpose, string key, Span<byte> hash) => SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}\n{purpose}\n{key}"), hash);
}
