using System.Buffers.Binary;
using System.Text;

namespace AgentWorkflows.Engine.History;

/// <summary>Reads what <see cref="ByteWriter"/> wrote. Byte values are slices of the source, not copies.</summary>
internal ref struct ByteReader(ReadOnlyMemory<byte> source)
{
    private readonly ReadOnlyMemory<byte> _source = source;
    private int _position;

    public readonly bool AtEnd => _position >= _source.Length;

    public byte ReadByte() => Take(1).Span[0];

    public long ReadLong() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)).Span);

    public int ReadInt()
    {
        uint value = 0;
        for (var shift = 0; shift < 35; shift += 7)
        {
            var next = ReadByte();
            value |= (uint)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return (int)value;
            }
        }
        throw new InvalidDataException($"The history record holds a malformed number at byte {_position}.");
    }

    public ReadOnlyMemory<byte> ReadBytes() => Take(ReadInt());

    public string ReadText() => Encoding.UTF8.GetString(ReadBytes().Span);

    private ReadOnlyMemory<byte> Take(int count)
    {
        if (count < 0 || count > _source.Length - _position)
        {
            throw new InvalidDataException($"The history record ends early: {count} bytes wanted at byte {_position} of {_source.Length}.");
        }
        var slice = _source.Slice(_position, count);
        _position += count;
        return slice;
    }
}
