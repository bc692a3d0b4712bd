package lookup

import (
	"context"
	"math/rand/v2"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/wire"
)

// village is a Querier whose nodes, but for every third, name the 8 that are closest to a target.
type village struct {
	nodes []wire.Contact
	alias wire.ID // under which the others reply; zero for their own

	mu    sync.Mutex
	asked map[wire.Contact]int
}

func newVillage(size int) *village {
	v := &village{asked: map[wire.Contact]int{}}
	r := rand.New(rand.NewPCG(1, 2))
	for range size {
		v.nodes = append(v.nodes, node(r))
	}
	return v
}

func (v *village) Admit(context.Context, netip.AddrPort) error { return nil }

func (v *village) Ask(ctx context.Context, to wire.Contact, q wire.Query) (reply wire.Reply, err error) {
	v.mu.Lock()
	v.asked[to]++
	nodes := slices.Clone(v.nodes)
	v.mu.Unlock()
	if slices.Index(nodes, to)%3 == 2 {
		<-ctx.Done()
		return reply, ctx.Err()
	}
	time.Sleep(50 * time.Millisecond)
	slices.SortFunc(nodes, func(a, b wire.Contact) int { return wire.CompareDistance(q.Target, a.ID, b.ID) })
	reply = wire.Reply{From: to, RTT: 50 * time.Millisecond, Nodes: nodes[:fullReply]}
	if !v.alias.Zero() {
		reply.From.ID = v.alias
	}
	return reply, nil
}

// survey surveys the village from its first node on, and returns what is known then.
func (v *village) survey(believe func(claimed, referrer netip.AddrPort) bool) (shared *Shared, named int) {
	shared = NewShared()
	shared.Replied(v.nodes[0], 50*time.Millisecond)
	size := float64(len(v.nodes))
	shared.trackSize(wire.IPv4, newMeasurement(wire.ID{}, []neighbour{{1 / size, 1}, {2 / size, 2}, {3 / size, 3}}))
	s := Survey{Querier: v, Shared: shared, Self: []wire.ID{v.nodes[1].ID}, Believe: believe}
	s.Run(context.Background())
	for _, region := range shared.named[wire.IPv4].regions {
		named += len(region)
	}
	return shared, named
}

func TestASurveyIsToldOfNodesEverywhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVillage(1000)
		shared, named := v.survey(nil)
		queries := 0
		for c, times := range v.asked {
			if queries += times; times > 1 || c == v.nodes[1] {
				t.Errorf("%v is asked %d times", c, times)
			}
		}
		if queries != surveyQueries || named < 250 {
			t.Errorf("%d queries tell of %d nodes", queries, named)
		}
		parts := map[byte]bool{}
		for i := range byte(16) {
			for _, n := range shared.closestNamed(wire.IPv4, wire.ID{i << 4}, 1) {
				parts[n.ID[0]>>4] = true
			}
		}
		if len(parts) < 13 { // in one in fifty surveys all that are asked in a part are silent
			t.Errorf("they are of %d parts of 16", len(parts))
		}
		if rate := shared.outlook().replyRate; rate < 0.4 || rate > 0.9 || rate == NewShared().outlook().replyRate {
			t.Errorf("the share that reply is taken for %.2f", rate)
		}
	})
}

func TestASurveyOfASmallNetworkIsShort(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVillage(80)
		v.survey(nil)
		if n := len(v.asked); n < 9 || n > 10 { // of 80 nodes, as far as they can be estimated
			t.Errorf("%d nodes are asked", n)
		}
	})
}

func TestASurveyBelievesNoLiars(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVillage(1000)
		if _, named := v.survey(func(netip.AddrPort, netip.AddrPort) bool { return false }); named != 0 {
			t.Errorf("%d nodes are known by a word that is not believed", named)
		}
		v.alias = wire.ID{1}
		shared, named := v.survey(nil)
		if left := shared.closest(wire.IPv4, wire.ID{}, 8); named != 0 || len(left) != 0 {
			t.Errorf("of nodes that reply under other IDs %v are left, and %d that they named", left, named)
		}
	})
}
