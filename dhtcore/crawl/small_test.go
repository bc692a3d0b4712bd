package crawl

import (
	"cmp"
	"encoding/binary"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"dhtop/dhtcore/wire"
)

// smallNetwork has n nodes with random IDs, each in a network of its own. Replies carry so many contacts, the
// closest to the target that the node knows: everybody, or what its buckets hold.
type smallNetwork struct {
	nodes   []wire.Contact
	known   map[wire.ID][]wire.Contact
	carried int
}

func newSmallNetwork(n, carried int, buckets bool, rnd *rand.Rand) *smallNetwork {
	s := &smallNetwork{carried: carried, known: make(map[wire.ID][]wire.Contact)}
	for i := range n {
		c := contact(i)
		binary.BigEndian.PutUint64(c.ID[:], rnd.Uint64())
		s.nodes = append(s.nodes, c)
	}
	for _, node := range s.nodes {
		var held [keyBits + 1]int
		others := slices.Clone(s.nodes)
		rnd.Shuffle(n, func(i, j int) { others[i], others[j] = others[j], others[i] })
		for _, c := range others {
			shared := bits.LeadingZeros64(key(c.ID) ^ key(node.ID))
			if held[shared]++; c != node && (!buckets || held[shared] <= fullReply) {
				s.known[node.ID] = append(s.known[node.ID], c)
			}
		}
	}
	return s
}

func (s *smallNetwork) answer(to wire.Contact, q wire.Query) (wire.Reply, error) {
	r, err := sample(time.Hour)
	target := key(q.Target)
	r.Nodes = slices.Clone(s.known[to.ID])
	slices.SortFunc(r.Nodes, func(a, b wire.Contact) int { return cmp.Compare(key(a.ID)^target, key(b.ID)^target) })
	r.Nodes = r.Nodes[:min(len(r.Nodes), s.carried)]
	r.From = to
	return r, err
}

// sweeps returns how many nodes a sweep from one of them misses.
func (s *smallNetwork) sweeps(t *testing.T) (missed int) {
	t.Helper()
	net := &fakeNetwork{delay: 10 * time.Millisecond, answer: s.answer}
	net.know(s.nodes[0])
	crawled(t, net, func(c *Crawl) {
		c.SetRunning(true)
		for range 300 {
			if time.Sleep(time.Second); c.Stats().Resting {
				missed = len(s.nodes) - len(net.asked)
				return
			}
		}
		t.Errorf("the sweep does not end")
	})
	return missed
}

func TestASmallNetworkIsSweptToTheLastNode(t *testing.T) {
	for _, carried := range []int{8, 6, 4, 3, 2} {
		for _, buckets := range []bool{false, true} {
			for seed := range uint64(6) {
				n := 40
				if seed == 0 {
					n = 9
				}
				s := newSmallNetwork(n, carried, buckets, rand.New(rand.NewPCG(seed, uint64(carried))))
				if missed := s.sweeps(t); missed > 0 {
					t.Errorf("seed %d: replies of %d contacts out of buckets (%v): %d of %d nodes missed", seed, carried, buckets, missed, n)
				}
			}
		}
	}
}

func TestAPartIsHalvedUntilAReplyNamesANodeOutside(t *testing.T) {
	c := closing{members: contacts(0, 40)}
	half := part{start: 1 << 63, bits: 1}
	inside, outside := wire.Contact{ID: wire.ID{0xc0}}, wire.Contact{ID: wire.ID{0x40}}
	quarters := half.halves()
	for what, want := range map[string]struct {
		nodes    []wire.Contact
		answered bool
		parts    []part
	}{
		"all inside":         {[]wire.Contact{inside}, true, quarters[:]},
		"one outside":        {[]wire.Contact{inside, outside}, true, nil},
		"none":               {nil, true, nil},
		"no answer: another": {nil, false, []part{{start: 1 << 63, bits: 1, tries: 1}}},
	} {
		if got := c.open(half, want.nodes, want.answered); !slices.Equal(got, want.parts) {
			t.Errorf("%s: %+v", what, got)
		}
	}
	if !half.contains(half.target()) || quarters[0].contains(quarters[1].target()) || !(part{}).contains(1) {
		t.Error("targets are outside of their parts")
	}
}

func TestALargeNetworkIsNotClosedNodeByNode(t *testing.T) {
	var c closing
	for _, node := range contacts(0, closingMost+1) {
		c.answered(node)
	}
	if c.begin() {
		t.Error("a round begins")
	}
}
