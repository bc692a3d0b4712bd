package watch

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"dhtop/dhtcore/wire"
)

const day = 24 * time.Hour

// length is how much virtual time a history takes.
const length = 21 * day

// TestEveryAlertFiresOnceWithinAnIntervalOfItsCauseAndNeverWithoutOne plays seeded histories of three weeks each: swarms
// and records change, our own network and port go away and come back, lookups are lost and estimates are noisy.
func TestEveryAlertFiresOnceWithinAnIntervalOfItsCauseAndNeverWithoutOne(t *testing.T) {
	var kinds [Kinds]int
	for seed := range uint64(histories) {
		h := newHistory(t, seed)
		h.run(epoch.Add(length))
		for _, a := range h.alerts {
			if a.alert.Firing() {
				kinds[a.alert.Kind]++
			}
		}
		if t.Failed() {
			break
		}
	}
	for kind, n := range kinds {
		if n == 0 {
			t.Errorf("no history has an alert %v", Kind(kind))
		}
	}
	t.Log(kinds)
}

// newHistory makes up a history.
func newHistory(t *testing.T, seed uint64) *history {
	h := &history{T: t, Rand: rand.New(rand.NewPCG(seed, 1)), seed: seed, list: New(seed), now: epoch, lossy: 0.05,
		state: NodeState{Online: true, Port: PortOpen}}
	if seed%7 == 0 {
		h.lossy = 0.15
	}
	h.nodeCauses()
	kinds := [...]func(t *thing){h.steady, h.shrinking, h.asleep, h.uploaded, h.contested, h.record}
	for i := range uint64(3) {
		make, t := kinds[(seed+i*(1+seed/6%2))%uint64(len(kinds))], &thing{}
		t.Target = wire.ID{byte(len(h.things) + 1), byte(seed), byte(seed >> 8)}
		t.now.trackers = 1
		make(t)
		if t.IsItem() {
			t.Target = t.Item.Target()
		}
		h.things = append(h.things, t)
	}
	return h
}

// when returns a moment some days after the last cause of a thing.
func (h *history) when(after time.Time, least time.Duration) time.Time {
	return after.Add(least + time.Duration(h.Float64()*float64(2*day)))
}

// steady is a torrent to which nothing happens.
func (h *history) steady(t *thing) {
	t.now.seeds, t.now.leechers, t.now.mine = 1+h.IntN(3), h.IntN(3), true
	if h.IntN(2) == 0 {
		t.now.seeds, t.now.leechers = h.IntN(3000), h.IntN(3000)
	}
	t.MinSeeds = min(t.now.seeds, 1)
}

// shrinking is a torrent that loses seeds and gets them back.
func (h *history) shrinking(t *thing) {
	t.MinSeeds = 10
	seeds, few := 15+h.IntN(200), h.IntN(7)
	t.now.seeds, t.now.leechers = seeds, 5+h.IntN(100)
	both := []Kind{FewSeeds}
	if few == 0 {
		both = append(both, LastSeed)
	}
	at := epoch.Add(day)
	for range 3 {
		at = h.when(at, 2*day)
		t.causes = append(t.causes, &cause{at: at, change: func(t *truth) { t.seeds = few }, fires: both})
		at = h.when(at, day)
		t.causes = append(t.causes, &cause{at: at, change: func(t *truth) { t.seeds = seeds }, clears: both})
	}
}

// asleep is a torrent that nobody has, until somebody does.
func (h *history) asleep(t *thing) {
	seeds := h.IntN(3)
	at := epoch
	for i := range 3 {
		at = h.when(at, 2*day)
		t.causes = append(t.causes, &cause{at: at, change: func(t *truth) { t.seeds, t.leechers = seeds, 2 }, fires: []Kind{FirstPeer}})
		if i > 0 && seeds > 0 {
			t.causes[len(t.causes)-1].clears = []Kind{LastSeed}
		}
		at = h.when(at, 2*day)
		silent := &cause{at: at, change: func(t *truth) { t.seeds, t.leechers = 0, 0 }}
		if seeds > 0 {
			silent.fires = []Kind{LastSeed}
		}
		t.causes = append(t.causes, silent)
	}
}

// uploaded is a torrent of our own client, which comes and goes, and that many want at times.
func (h *history) uploaded(t *thing) {
	t.now.seeds, t.now.leechers, t.now.mine = 1+h.IntN(20), h.IntN(30), true
	usual := t.now.leechers
	at := epoch.Add(day)
	for range 2 {
		at = h.when(at, 2*day)
		t.causes = append(t.causes, &cause{at: at, change: func(t *truth) { t.mine = false }, fires: []Kind{MineGone}})
		at = h.when(at, day)
		t.causes = append(t.causes, &cause{at: at, change: func(t *truth) { t.mine = true }, clears: []Kind{MineGone}})
		at = h.when(at, day)
		t.causes = append(t.causes, &cause{at: at, change: func(t *truth) { t.leechers = 40 + 6*usual }, fires: []Kind{Demand}})
		at = at.Add(6*time.Hour + time.Duration(h.Float64()*float64(40*time.Hour)))
		t.causes = append(t.causes, &cause{at: at, change: func(t *truth) { t.leechers = usual }})
		at = at.Add(2 * day)
	}
}

// contested is a torrent of which the trackers show another swarm than the DHT at times.
func (h *history) contested(t *thing) {
	t.now.seeds, t.now.leechers = 20+h.IntN(300), 20+h.IntN(300)
	factor := []float64{0, 0.1, 8}[h.IntN(3)]
	at := epoch.Add(day)
	for range 3 {
		at = h.when(at, day)
		t.causes = append(t.causes, &cause{at: at, change: func(t *truth) { t.trackers = factor }, fires: []Kind{Disagree}})
		at = h.when(at, day)
		t.causes = append(t.causes, &cause{at: at, change: func(t *truth) { t.trackers = 1 }, clears: []Kind{Disagree}})
	}
}

// record is an item that changes and fades.
func (h *history) record(t *thing) {
	t.Item.Key[0], t.Item.Key[1], t.Item.Key[2] = 1, byte(h.seed), byte(h.seed>>8)
	t.now.seq, t.now.holders = int64(h.IntN(1000)), 6+h.IntN(3)
	full := t.now.holders
	at := epoch.Add(day)
	for range 2 {
		at = h.when(at, day)
		t.causes = append(t.causes, &cause{at: at, change: func(t *truth) { t.seq++ }, fires: []Kind{RecordChanged}})
		at = h.when(at, day)
		t.causes = append(t.causes, &cause{at: at, change: func(t *truth) { t.holders = h.IntN(2) }, fires: []Kind{RecordFading}})
		at = h.when(at, day)
		t.causes = append(t.causes, &cause{at: at, change: func(t *truth) { t.holders, t.seq = full, t.seq+1 }, fires: []Kind{RecordChanged}, clears: []Kind{RecordFading}})
	}
}

// nodeCauses let our own network and port go away for a while.
func (h *history) nodeCauses() {
	at := epoch.Add(day)
	add := func(lasts time.Duration, set, unset func(), kinds ...Kind) {
		at = h.when(at, day)
		h.node = append(h.node, &cause{at: at, change: func(*truth) { set() }, fires: kinds},
			&cause{at: at.Add(lasts), change: func(*truth) { unset() }, clears: kinds})
	}
	some := func(least, most time.Duration) time.Duration {
		return least + time.Duration(h.Float64()*float64(most-least))
	}
	online := func() { h.state.Online = true }
	offline := func() { h.state.Online = false }
	for range 3 {
		lasts := some(5*time.Minute, 8*time.Hour)
		add(lasts, offline, online, NetworkGone)
		h.away = append(h.away, span{at, at.Add(lasts)})
		add(time.Minute, offline, online)
		h.away = append(h.away, span{at, at.Add(time.Minute)})
		add(some(15*time.Minute, 8*time.Hour), func() { h.state.Port = PortClosed }, func() { h.state.Port = PortOpen }, NodeUnreachable)
		add(5*time.Minute, func() { h.state.Port = PortClosed }, func() { h.state.Port = PortOpen })
	}
	slices.SortFunc(h.away, func(a, b span) int { return a.from.Compare(b.from) })
}
