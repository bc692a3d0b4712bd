package peers

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"math"
	"time"

	"dhtop/dhtcore/wire"
)

// A dump is dumpMagic, the length of what a record has behind its address, the swarms, and the CRC-32 of all that.
// A swarm is its hash, its completed count in 4 bytes, the number of its records of each family in 2, and the records,
// in which the second of the last announce is the Unix time at which the peer expires. Numbers are little-endian.
const (
	dumpMagic = "dhtop swarms 1\n"
	swarmHead = 20 + 4 + 2*int(wire.Families)
)

// errDump is returned by Restore for what Dump has not written, or for only a part of it.
var errDump = errors.New("damaged, or of another version")

// Dump writes the store. It holds the lock for a few swarms at a time, as Expire does. A swarm that moves meanwhile may
// be written twice, with what it had at both times.
func (s *Store) Dump(w io.Writer) error {
	sum := crc32.NewIEEE()
	out := io.MultiWriter(w, sum)
	if _, err := out.Write(append([]byte(dumpMagic), byte(s.tail))); err != nil {
		return err
	}
	var buf []byte
	for next, p := math.MaxInt, newPace(aMoment); next > 0; p.rest() { // from the end: a removed swarm is replaced by the last one
		buf, next = s.dumpFew(buf[:0], next)
		if _, err := out.Write(buf); err != nil {
			return err
		}
	}
	_, err := w.Write(binary.LittleEndian.AppendUint32(nil, sum.Sum32()))
	return err
}

// dumpFew appends some swarms, downwards from next, and returns where to go on.
func (s *Store) dumpFew(dst []byte, next int) (dump []byte, rest int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	expires := uint32(s.epoch.Unix()) + s.ttl()
	next = min(next, s.swarms.n)
	for cost := 0; next > 0 && cost < expireStep; {
		next--
		sw := s.swarms.at(uint32(next))
		dst = append(dst, sw.hash[:]...)
		dst = binary.LittleEndian.AppendUint32(dst, sw.completed)
		for f := range wire.Families {
			dst = binary.LittleEndian.AppendUint16(dst, sw.runs[f].n)
		}
		for f := range wire.Families {
			l := s.list(sw, f)
			cost += l.n
			for i := range l.n {
				start := len(dst)
				dst = append(dst, l.record(i)...)
				at := dst[start+f.AddrLen()+1:]
				binary.LittleEndian.PutUint32(at, expires+l.at(i))
			}
		}
		cost++
	}
	return dst, next
}

// Restore adds the peers of a dump that have not expired at the time now, as far as there is room, and returns how many
// the store has then. It adds nothing of a dump that is damaged.
func (s *Store) Restore(dump []byte, now time.Time) (total int, err error) {
	body := len(dump) - 4
	head := append([]byte(dumpMagic), byte(s.tail))
	if body < len(head) || !bytes.HasPrefix(dump, head) || crc32.ChecksumIEEE(dump[:body]) != binary.LittleEndian.Uint32(dump[body:]) {
		return 0, errDump
	}
	for b := dump[len(head):body]; len(b) > 0; {
		if b = s.restoreSwarm(b, now); b == nil {
			return 0, errDump
		}
	}
	_, total = s.Len()
	return total, nil
}

// restoreSwarm takes in the first swarm of b and returns the rest of b, nil if that is too short.
func (s *Store) restoreSwarm(b []byte, now time.Time) (rest []byte) {
	if len(b) < swarmHead {
		return nil
	}
	hash, completed := [20]byte(b), binary.LittleEndian.Uint32(b[20:])
	counts := b[24:swarmHead]
	b = b[swarmHead:]
	key, unix := s.key(hash), now.Unix()
	s.mu.Lock()
	defer s.mu.Unlock()
	sw, id := s.find(key, &hash)
	for f := range wire.Families {
		size := s.recordLen(f)
		for range binary.LittleEndian.Uint16(counts[2*f:]) {
			if len(b) < size {
				return nil
			}
			rec := b[:size]
			b = b[size:]
			stamp := rec[f.AddrLen()+1:]
			left := int64(binary.LittleEndian.Uint32(stamp)) - unix
			addr, _ := wire.ParseAddr(rec[:f.AddrLen()])
			if left <= 0 || addr.Port() == 0 || !wire.Routable(addr.Addr()) {
				continue
			}
			at := before(s.second(now)+uint32(min(left, int64(s.ttl()))), s.ttl())
			var r record
			rec = r[:copy(r[:], rec)]
			binary.LittleEndian.PutUint32(rec[f.AddrLen()+1:], at)
			s.put(sw, id, key, &hash, f, rec, at)
			sw, id = s.find(key, &hash) // it may be new, or have moved
		}
	}
	if sw == nil && completed > 0 && s.swarms.n < s.cfg.MaxHashes {
		sw, id = s.addSwarm(key, hash, 0)
		sw.completed = completed
		s.emptied(sw, id)
	}
	if sw != nil {
		sw.completed = max(sw.completed, completed)
	}
	return b
}
