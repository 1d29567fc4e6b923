using System.Buffers.Binary;
using System.Numerics;

namespace GwbCloud.Journal;

/// <summary>CRC-32C (Castagnoli) over the processor's instruction where there is one.</summary>
static class Crc32C
{
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        for (; bytes.Length >= 8; bytes = bytes[8..]) { crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes)); }
        foreach (byte b in bytes) { crc = BitOperations.Crc32C(crc, b); }
        return ~crc;
    }
}
