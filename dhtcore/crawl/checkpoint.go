package crawl

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"time"

	"dhtop/dhtcore/wire"
)

// The saved form: a header, the schedule, the sweep of each family, the records, and a CRC-32 of all that. Numbers
// are big-endian.
const (
	checkpointMagic   = "dhtop sweep"
	checkpointVersion = 3
	recordLen         = 8 + 8 + 4 + 2 + 5
	leafLen           = 8 + 1 + 2
	contactLen        = 20 + 16 + 2
	checksumLen       = 4
)

// errDamaged says that a checkpoint cannot be read.
var errDamaged = errors.New("the saved sweep is damaged")

// Checkpoint returns the place of the sweep, its candidates and helpers, and the records of the nodes that may not
// be asked yet, for Restore in another process. 1,000,000 nodes take 27 MB.
func (c *Crawl) Checkpoint() []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.plan.checkpoint(time.Now())
}

// Restore takes in what Checkpoint returned, before Run. It changes nothing if it returns an error: the checkpoint
// is damaged, or of a version that this program does not know. Then the sweep begins anew.
func (c *Crawl) Restore(checkpoint []byte) error {
	if len(checkpoint) < len(checkpointMagic)+1+checksumLen || string(checkpoint[:len(checkpointMagic)]) != checkpointMagic {
		return errDamaged
	}
	if v := checkpoint[len(checkpointMagic)]; v != checkpointVersion {
		return fmt.Errorf("the saved sweep has version %d, this program knows %d", v, checkpointVersion)
	}
	body := checkpoint[:len(checkpoint)-checksumLen]
	if crc32.ChecksumIEEE(body) != binary.BigEndian.Uint32(checkpoint[len(body):]) {
		return errDamaged
	}
	saved := newPlanner(c.cfg.Believe)
	if !saved.restore(body[len(checkpointMagic)+1:], time.Now()) {
		return errDamaged
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	p := c.plan
	p.records, p.heatmap, p.schedule = saved.records, saved.heatmap, saved.schedule
	p.networks = saved.networks // by itself: in a list of assignments its megabytes would be copied over the stack
	p.stats.Mute, p.stats.Silent, p.stats.Dead = saved.stats.Mute, saved.stats.Silent, saved.stats.Dead
	return nil
}

func (p *planner) checkpoint(now time.Time) []byte {
	b := append([]byte(checkpointMagic), checkpointVersion)
	b = binary.BigEndian.AppendUint64(b, p.records.seed)
	b = p.schedule.append(b, &p.stats)
	for i := range p.networks {
		b = p.networks[i].sweep.append(b)
	}
	at := len(b)
	b = binary.BigEndian.AppendUint32(b, 0)
	count := uint32(0)
	for i := range p.records.list {
		if r := p.records.list[i]; r.stage != idle || r.due > unixTime(now) || r.asked == p.schedule.stamp() {
			if r.stage == inFlight { // it may have been asked, and not answered yet
				r.due = max(r.due, unixTime(now.Add(retrySilent)))
			}
			b = r.append(b)
			count++
		}
	}
	binary.BigEndian.PutUint32(b[at:], count)
	return withChecksum(b)
}

// restore reads what checkpoint wrote between header and checksum. It reports false if that makes no sense.
func (p *planner) restore(b []byte, now time.Time) bool {
	in := reader{b: b}
	p.records.seed = in.uint64()
	p.schedule.read(&in, &p.stats, now)
	var candidates []wire.Contact
	for i := range p.networks {
		candidates = append(candidates, p.networks[i].sweep.read(&in)...)
	}
	p.records.read(&in, now)
	if in.bad || len(in.b) > 0 {
		return false
	}
	p.heatmap.recount(&p.records, &p.schedule)
	for _, c := range candidates {
		r := p.records.find(p.records.fingerprint(c.Addr))
		if r != nil && r.stage != queued && wire.Routable(c.Addr.Addr()) && p.networks[familyOf(c)].sweep.add(c) {
			r.stage = queued
		}
	}
	return true
}

// append writes the schedule, and the counts that belong to the sweep.
func (s *schedule) append(b []byte, counts *Stats) []byte {
	for _, n := range [...]uint32{uint32(s.number), uint32(bit(s.resting)), uint32(counts.Mute), uint32(counts.Silent), uint32(counts.Dead)} {
		b = binary.BigEndian.AppendUint32(b, n)
	}
	for _, n := range [...]int64{s.started.Unix(), s.next.Unix(), int64(s.active)} {
		b = binary.BigEndian.AppendUint64(b, uint64(n))
	}
	for _, n := range s.intervals {
		b = binary.BigEndian.AppendUint32(b, n)
	}
	return b
}

// read reads what append wrote. Times that a wrong clock left in the future are moved to now.
func (s *schedule) read(in *reader, counts *Stats, now time.Time) {
	s.number, s.resting = int(in.uint32()), in.uint32() == 1
	counts.Mute, counts.Silent, counts.Dead = int(in.uint32()), int(in.uint32()), int(in.uint32())
	s.started, s.next = time.Unix(int64(in.uint64()), 0), time.Unix(int64(in.uint64()), 0)
	s.active = max(time.Duration(in.uint64()), 0)
	for i := range s.intervals {
		s.intervals[i] = in.uint32()
	}
	if s.started.After(now) {
		s.started = now
	}
	if latest := now.Add(maxInterval); s.next.After(latest) {
		s.next = latest
	}
}

func (s *sweep) append(b []byte) []byte {
	b = binary.BigEndian.AppendUint64(b, math.Float64bits(s.density.bits))
	b = append(b, byte(s.leaves.depth))
	b = binary.BigEndian.AppendUint64(b, s.cursor.leaf)
	b = binary.BigEndian.AppendUint32(b, uint32(len(s.leaves.byNumber)))
	for number, l := range s.leaves.byNumber {
		b = binary.BigEndian.AppendUint64(b, number)
		b = append(b, l.credit)
		b = binary.BigEndian.AppendUint16(b, l.named)
	}
	b = binary.BigEndian.AppendUint32(b, uint32(s.frontier.len()))
	for c := range s.frontier.all() {
		b = appendContact(b, c)
	}
	b = binary.BigEndian.AppendUint32(b, uint32(len(s.responders)))
	for _, c := range s.responders {
		b = appendContact(b, c)
	}
	return b
}

// read reads what append wrote. It returns the candidates, to be added once their records are read.
func (s *sweep) read(in *reader) (candidates []wire.Contact) {
	span := math.Float64frombits(in.uint64())
	s.leaves.depth = int(in.uint8())
	s.cursor.leaf = in.uint64()
	if !(span >= 0 && span <= keyBits) || s.leaves.depth > maxDepth || s.cursor.leaf > s.leaves.count() {
		in.bad = true
		return nil
	}
	s.density.begin(span)
	for range in.count(leafLen) {
		number := in.uint64()
		s.leaves.byNumber[number] = leaf{credit: in.uint8(), named: in.uint16()}
	}
	for range in.count(contactLen) {
		candidates = append(candidates, in.contact())
	}
	for range in.count(contactLen) {
		c := in.contact()
		s.respond(key(c.ID), c)
	}
	return candidates
}

func (r *record) append(b []byte) []byte {
	b = binary.BigEndian.AppendUint64(b, r.addr)
	b = binary.BigEndian.AppendUint64(b, r.id)
	b = binary.BigEndian.AppendUint32(b, r.due)
	b = binary.BigEndian.AppendUint16(b, r.referrer)
	return append(b, r.seen, r.asked, r.fails, bit(r.corroborated)|byte(r.family)<<1, byte(r.kind))
}

// read reads the records that their append wrote.
func (m *records) read(in *reader, now time.Time) {
	latest := unixTime(now.Add(max(retryMute, retryDead)))
	for range in.count(recordLen) {
		r := record{addr: in.uint64(), id: in.uint64(), due: min(in.uint32(), latest), referrer: in.uint16(),
			seen: in.uint8(), asked: in.uint8(), fails: in.uint8()}
		bits := in.uint8()
		r.corroborated, r.family, r.kind = bits&1 != 0, wire.Family(bits>>1&1), kind(in.uint8())
		if r.kind > speaks || m.find(r.addr) != nil {
			in.bad = true
			return
		}
		if added := m.add(r); r.answers() {
			m.identify(added, r.id)
		}
	}
}

// recount enters the records of the running sweep. How many hashes a node sampled is not known any more.
func (h *heatmap) recount(m *records, s *schedule) {
	for i := range m.list {
		r := &m.list[i]
		if s.number == 0 || r.seen != s.stamp() {
			continue
		}
		h.heard(r.id, s.number)
		if r.asked != s.stamp() {
			continue
		}
		h.asked(r.id, s.number)
		if r.kind == speaks {
			h.sampled(r.id, s.number, 0)
		}
		if r.answers() {
			h.answered(r.id, s.number, r.family)
		}
	}
}
