package metadata

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"

	anacrolix "github.com/anacrolix/torrent/bencode"
	"github.com/anacrolix/torrent/peer_protocol"

	"dhtop/dhtcore/bencode"
)

// Bounds of what a peer may send.
const (
	pieceSize   = 16 << 10               // of the metadata; the last piece may be shorter (BEP 9)
	maxExtended = pieceSize + 4<<10      // payload of a message for us: a piece and its header, or a long handshake
	maxIgnored  = 2 << 20                // any other message: the bitfield of 16 million pieces
	maxSession  = MaxSize + 2*maxIgnored // all messages of a connection together
)

// ourID is the number that we choose for ut_metadata messages to us (BEP 10).
const ourID = 1

// extended is a message of the extension protocol that is meant for us.
type extended struct {
	handshake bool
	payload   []byte // valid until the next message
}

// reader reads the extended messages of a connection that are for us and discards all others, of which a peer
// may send many kinds unasked.
type reader struct {
	in  *bufio.Reader
	buf []byte // grows to the longest payload
}

func newReader(r io.Reader) *reader {
	return &reader{in: bufio.NewReader(io.LimitReader(r, maxSession))}
}

func (r *reader) next() (m extended, err error) {
	for {
		var prefix [4]byte
		if _, err := io.ReadFull(r.in, prefix[:]); err != nil {
			return m, err
		}
		length := binary.BigEndian.Uint32(prefix[:])
		if length > maxIgnored {
			return m, fmt.Errorf("%w: a message of %d bytes", errWrong, length)
		}
		head, err := r.in.Peek(min(2, int(length)))
		if err != nil {
			return m, err
		}
		forUs := len(head) == 2 && head[0] == byte(peer_protocol.Extended) &&
			(head[1] == peer_protocol.HandshakeExtendedID || head[1] == ourID)
		if !forUs {
			if _, err := r.in.Discard(int(length)); err != nil {
				return m, err
			}
			continue
		}
		m.handshake = head[1] == peer_protocol.HandshakeExtendedID
		m.payload, err = r.payload(int(length))
		return m, err
	}
}

// payload reads an extended message of length bytes, without its two numbers.
func (r *reader) payload(length int) ([]byte, error) {
	if length-2 > maxExtended {
		return nil, fmt.Errorf("%w: an extended message of %d bytes", errWrong, length)
	}
	if _, err := r.in.Discard(2); err != nil {
		return nil, err
	}
	length -= 2
	if cap(r.buf) < length {
		r.buf = make([]byte, length)
	}
	r.buf = r.buf[:length]
	_, err := io.ReadFull(r.in, r.buf)
	return r.buf, err
}

// extendedHandshake is what matters here of an extended handshake (BEP 10).
type extendedHandshake struct {
	id   uint8 // of ut_metadata messages to its sender; 0 for none
	size int64 // of its sender's metadata in bytes; 0 for none (BEP 9)
}

func parseExtendedHandshake(payload []byte) (h extendedHandshake, err error) {
	c := bencode.Cursor{Bytes: payload}
	for key := range c.Dict() {
		switch string(key) {
		case "m":
			for name := range c.Dict() {
				if string(name) != peer_protocol.ExtensionNameMetadata {
					c.Skip()
					continue
				}
				id := c.Number()
				if id < 0 || id > 255 {
					return h, fmt.Errorf("%w: ut_metadata has the number %d", errWrong, id)
				}
				h.id = uint8(id)
			}
		case "metadata_size":
			h.size = c.Number()
		default:
			c.Skip()
		}
	}
	if c.Bad {
		return h, fmt.Errorf("%w: an extended handshake that is not bencoded", errWrong)
	}
	return h, nil
}

// metadataMessage is a message of ut_metadata (BEP 9): its kind, the number of the piece, and, if the kind is
// data, the size of the metadata and the data of the piece.
type metadataMessage struct {
	kind, piece, total int64
	data               []byte
}

const (
	requestKind = int64(peer_protocol.RequestMetadataExtensionMsgType)
	dataKind    = int64(peer_protocol.DataMetadataExtensionMsgType)
	rejectKind  = int64(peer_protocol.RejectMetadataExtensionMsgType)
)

func parseMetadataMessage(payload []byte) (m metadataMessage, err error) {
	m.kind, m.piece = -1, -1 // a missing value is not 0
	c := bencode.Cursor{Bytes: payload}
	for key := range c.Dict() {
		switch string(key) {
		case "msg_type":
			m.kind = c.Number()
		case "piece":
			m.piece = c.Number()
		case "total_size":
			m.total = c.Number()
		default:
			c.Skip()
		}
	}
	if c.Bad {
		return m, fmt.Errorf("%w: a metadata message that is not bencoded", errWrong)
	}
	m.data = payload[c.Pos:]
	return m, nil
}

// writeExtended sends an extended message: value bencoded, then data.
func writeExtended(w io.Writer, id uint8, value any, data []byte) error {
	payload, err := anacrolix.Marshal(value)
	if err != nil {
		return err
	}
	packet, err := peer_protocol.Message{Type: peer_protocol.Extended, ExtendedID: peer_protocol.ExtensionNumber(id),
		ExtendedPayload: append(payload, data...)}.MarshalBinary()
	if err != nil {
		return err
	}
	_, err = w.Write(packet)
	return err
}

// writeExtendedHandshake sends the extended handshake of a peer that has size bytes of metadata.
func writeExtendedHandshake(w io.Writer, size int) error {
	return writeExtended(w, peer_protocol.HandshakeExtendedID, peer_protocol.ExtendedHandshakeMessage{
		M: map[peer_protocol.ExtensionName]peer_protocol.ExtensionNumber{peer_protocol.ExtensionNameMetadata: ourID},
		V: "dhtop", MetadataSize: size}, nil)
}

// writeMetadata sends a message of ut_metadata under the number id that the other side chose for it.
func writeMetadata(w io.Writer, id uint8, m metadataMessage) error {
	return writeExtended(w, id, peer_protocol.ExtendedMetadataRequestMsg{Piece: int(m.piece), TotalSize: int(m.total),
		Type: peer_protocol.ExtendedMetadataRequestMsgType(m.kind)}, m.data)
}
