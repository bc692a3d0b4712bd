package crawl

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"net/netip"
	"slices"
	"time"

	"dhtop/dhtcore/wire"
)

// The saved form: a header, the sweep, the frontiers, the records, and a CRC-32 of all that. Numbers are
// big-endian.
const (
	stateMagic   = "dhtop sweep"
	stateVersion = 3
	recordLen    = 8 + 8 + 4 + 2 + 5
	leafLen      = 8 + 1 + 2
	contactLen   = 20 + 16 + 2
	checkLen     = 4
)

// State returns the place of the sweep, the candidates, the helpers, and what is remembered of nodes that may
// not be asked yet, for Restore in another process. 1,000,000 nodes take 27 MB.
func (c *Crawl) State() []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	b := append([]byte(stateMagic), stateVersion)
	b = c.appendSweep(b)
	for i := range c.sweeps {
		b = c.sweeps[i].append(b)
	}
	at := len(b)
	b = binary.BigEndian.AppendUint32(b, 0)
	count := uint32(0)
	for i := range c.records.records {
		if r := c.records.records[i]; r.stage != idle || r.due > stamp(now) || r.asked == c.schedule.stamp() {
			if r.stage == inFlight { // it may have been asked, and not answered yet
				r.due = max(r.due, stamp(now.Add(retrySilent)))
			}
			b = r.append(b)
			count++
		}
	}
	binary.BigEndian.PutUint32(b[at:], count)
	return checked(b)
}

// checked returns b with its CRC-32.
func checked(b []byte) []byte { return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b)) }

func (c *Crawl) appendSweep(b []byte) []byte {
	s := &c.schedule
	b = binary.BigEndian.AppendUint64(b, c.records.seed)
	for _, n := range [...]uint32{uint32(s.number), uint32(bit(c.stats.Resting)), uint32(s.mute), uint32(s.silent), uint32(s.dead)} {
		b = binary.BigEndian.AppendUint32(b, n)
	}
	for _, n := range [...]int64{c.stats.SweepStarted.Unix(), s.next.Unix(), int64(s.active)} {
		b = binary.BigEndian.AppendUint64(b, uint64(n))
	}
	for _, n := range s.intervals {
		b = binary.BigEndian.AppendUint32(b, n)
	}
	return b
}

func (f *sweep) append(b []byte) []byte {
	b = binary.BigEndian.AppendUint64(b, math.Float64bits(f.span))
	b = append(b, byte(f.depth))
	b = binary.BigEndian.AppendUint64(b, f.head)
	b = binary.BigEndian.AppendUint32(b, uint32(len(f.leaves)))
	for at, l := range f.leaves {
		b = binary.BigEndian.AppendUint64(b, at)
		b = append(b, l.credit)
		b = binary.BigEndian.AppendUint16(b, l.known)
	}
	b = binary.BigEndian.AppendUint32(b, uint32(f.waits()))
	for _, list := range [...][]candidate{f.scouts, f.held[f.first:]} {
		for _, c := range list {
			b = appendContact(b, c.Contact)
		}
	}
	b = binary.BigEndian.AppendUint32(b, uint32(len(f.responders)))
	for _, c := range f.responders {
		b = appendContact(b, c)
	}
	return b
}

func appendContact(b []byte, c wire.Contact) []byte {
	ip := c.Addr.Addr().As16()
	b = append(append(b, c.ID[:]...), ip[:]...)
	return binary.BigEndian.AppendUint16(b, c.Addr.Port())
}

func (r *record) append(b []byte) []byte {
	b = binary.BigEndian.AppendUint64(b, r.addr)
	b = binary.BigEndian.AppendUint64(b, r.id)
	b = binary.BigEndian.AppendUint32(b, r.due)
	b = binary.BigEndian.AppendUint16(b, r.referrer)
	return append(b, r.seen, r.asked, r.fails, bit(r.corroborated)|bit(r.v6)<<1, byte(r.kind))
}

func bit(set bool) byte {
	if set {
		return 1
	}
	return 0
}

// errState is what is wrong with a state that cannot be read.
var errState = errors.New("the saved sweep is damaged")

// Restore takes in what State returned, before Run. It changes nothing when it returns an error: the state
// is damaged, or of a version that this program does not know; then the sweep begins anew.
func (c *Crawl) Restore(state []byte) error {
	if len(state) < len(stateMagic)+1+checkLen || string(state[:len(stateMagic)]) != stateMagic {
		return errState
	}
	if v := state[len(stateMagic)]; v != stateVersion {
		return fmt.Errorf("the saved sweep has version %d, this program knows %d", v, stateVersion)
	}
	body := state[:len(state)-checkLen]
	if crc32.ChecksumIEEE(body) != binary.BigEndian.Uint32(state[len(body):]) {
		return errState
	}
	fresh := New(c.cfg)
	in := reader{b: body[len(stateMagic)+1:]}
	fresh.readSweep(&in)
	var waits [2][]candidate
	for i := range fresh.sweeps {
		waits[i] = fresh.sweeps[i].read(&in)
	}
	fresh.readRecords(&in)
	if in.bad || len(in.b) > 0 {
		return errState
	}
	for i := range waits {
		for _, to := range waits[i] {
			fresh.await(to, i)
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.records, c.sweeps, c.heatmap, c.schedule = fresh.records, fresh.sweeps, fresh.heatmap, fresh.schedule
	c.stats.Sweep, c.stats.SweepStarted, c.stats.Resting = fresh.stats.Sweep, fresh.stats.SweepStarted, fresh.stats.Resting
	return nil
}

func (c *Crawl) readSweep(in *reader) {
	now := time.Now()
	c.records.seed = in.uint64()
	s := &c.schedule
	s.number = int(in.uint32())
	c.stats.Resting = in.uint32() == 1
	s.mute, s.silent, s.dead = int(in.uint32()), int(in.uint32()), int(in.uint32())
	started, next := time.Unix(int64(in.uint64()), 0), time.Unix(int64(in.uint64()), 0)
	s.active = max(time.Duration(in.uint64()), 0)
	for i := range s.intervals {
		s.intervals[i] = in.uint32()
	}
	if started.After(now) {
		started = now // the clock was wrong
	}
	if latest := now.Add(maxInterval); next.After(latest) {
		next = latest
	}
	s.next = next
	c.stats.Sweep, c.stats.SweepStarted = s.number, started
}

func (f *sweep) read(in *reader) (waits []candidate) {
	f.span = math.Float64frombits(in.uint64())
	f.depth = int(in.uint8())
	f.head = in.uint64()
	if !(f.span >= 0 && f.span <= keyBits) || f.depth > maxDepth || f.head > f.end() {
		in.bad = true
		return nil
	}
	f.density.begin(f.span)
	for range in.count(leafLen) {
		at := in.uint64()
		f.leaves[at] = leaf{credit: in.uint8(), known: in.uint16()}
	}
	for range in.count(contactLen) {
		waits = append(waits, candidate{Contact: in.contact()})
	}
	for range in.count(contactLen) {
		c := in.contact()
		f.responders[f.leafOf(key(c.ID))] = c
	}
	return waits
}

func (c *Crawl) readRecords(in *reader) {
	latest := stamp(time.Now().Add(max(retryMute, retryDead)))
	for range in.count(recordLen) {
		r := record{addr: in.uint64(), id: in.uint64(), due: min(in.uint32(), latest), referrer: in.uint16(),
			seen: in.uint8(), asked: in.uint8(), fails: in.uint8()}
		bits := in.uint8()
		r.corroborated, r.v6, r.kind = bits&1 != 0, bits&2 != 0, kind(in.uint8())
		if r.kind > speaks || c.records.find(r.addr) != nil {
			in.bad = true
			return
		}
		c.records.add(r)
		if r.answers() {
			c.records.identify(c.records.find(r.addr), r.id)
		}
		c.recount(&r)
	}
}

// recount enters a record into the grid. How many hashes its node sampled is not known any more.
func (c *Crawl) recount(r *record) {
	if c.schedule.number == 0 || r.seen != c.schedule.stamp() {
		return
	}
	c.heatmap.heard(r.id, c.schedule.number)
	if r.asked != c.schedule.stamp() {
		return
	}
	c.heatmap.asked(r.id, c.schedule.number)
	if r.kind == speaks {
		c.heatmap.sampled(r.id, c.schedule.number, 0)
	}
	if r.answers() {
		c.heatmap.answered(r.id, c.schedule.number, r.family())
	}
}

// await enters a candidate.
func (c *Crawl) await(to candidate, family int) {
	addr := c.records.fingerprint(to.Addr)
	r := c.records.find(addr)
	if r == nil || r.stage == queued || !wire.Routable(to.Addr.Addr()) || !c.sweeps[family].add(to) {
		return
	}
	r.stage = queued
}

// reader takes numbers off the front of b; bad is set when there are too few.
type reader struct {
	b   []byte
	bad bool
}

func (r *reader) take(n int) []byte {
	if len(r.b) < n {
		r.bad, r.b = true, nil
		return slices.Repeat([]byte{0}, n)
	}
	taken := r.b[:n]
	r.b = r.b[n:]
	return taken
}

func (r *reader) uint8() byte    { return r.take(1)[0] }
func (r *reader) uint16() uint16 { return binary.BigEndian.Uint16(r.take(2)) }
func (r *reader) uint32() uint32 { return binary.BigEndian.Uint32(r.take(4)) }
func (r *reader) uint64() uint64 { return binary.BigEndian.Uint64(r.take(8)) }

func (r *reader) contact() (c wire.Contact) {
	copy(c.ID[:], r.take(len(c.ID)))
	ip, _ := netip.AddrFromSlice(r.take(16))
	c.Addr = netip.AddrPortFrom(ip.Unmap(), r.uint16())
	return c
}

// count takes the number of things that follow, each of size bytes at least.
func (r *reader) count(size int) int {
	n := int(r.uint32())
	if n > len(r.b)/size {
		r.bad, r.b = true, nil
		return 0
	}
	return n
}
