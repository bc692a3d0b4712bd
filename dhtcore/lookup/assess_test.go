package lookup

import (
	"math"
	"net/netip"
	"testing"

	"dhtop/dhtcore/wire"
)

// assessed returns the risk of a lookup whose closest nodes are these.
func assessed(shared *Shared, closest ...wire.Contact) Risk {
	l := fresh(Config{Shared: shared})
	for _, c := range closest {
		l.learn(c, nil)
	}
	for _, c := range l.shortlists[0].sorted {
		c.become(replied)
		l.queried = append(l.queried, c)
	}
	return l.assess()
}

// sizedBy is what lookups that found 256 nodes in the network leave behind.
func sizedBy(lookups int) *Shared {
	shared := NewShared()
	for i := range lookups { // as 95 % of the replies come
		shared.trackSize(0, measurement{target: wire.ID{byte(64 * i)}, squares: 256 * 0.95, products: 1})
	}
	return shared
}

// eighthAt returns eight nodes, the last of which is at a multiple of the distance to expect among 256.
func eighthAt(distance float64) (closest []wire.Contact) {
	for i := range byte(8) {
		d := distance * 8 * 256 * float64(i+1) / 8 // the eighth is expected at 8/256 of the key space
		closest = append(closest, wire.Contact{ID: wire.ID{byte(int(d) >> 8), byte(int(d)), i},
			Addr: netip.AddrPortFrom(netip.AddrFrom4([4]byte{192, 168, 0, i + 1}), 6881)})
	}
	return closest
}

func TestTheDistanceOfTheClosestIsJudged(t *testing.T) {
	for _, c := range []struct {
		last  float64 // the distance of the eighth node, of the expected one
		level RiskLevel
	}{
		{0.09, HighRisk}, {0.11, MediumRisk}, {0.24, MediumRisk}, {0.26, LowRisk}, {1, LowRisk}, {2.4, LowRisk}, {2.6, MediumRisk},
	} {
		r := assessed(sizedBy(minLookups), eighthAt(c.last)...)
		if r.Level != c.level || math.Abs(r.Distance-c.last) > 0.01 || (len(r.Reasons) > 0) != (c.level != LowRisk) {
			t.Errorf("%.2f of the expected distance: %s, %.3f, %q", c.last, r.Level, r.Distance, r.Reasons)
		}
	}
}

func TestAfterFewLookupsOnlyWhatIsFarTooCloseIsSuspicious(t *testing.T) {
	for _, c := range []struct {
		lookups int
		last    float64
		level   RiskLevel
	}{
		{0, 0.001, LowRisk}, {1, 0.001, HighRisk}, {minLookups - 1, 0.01, HighRisk}, {minLookups - 1, 0.09, LowRisk}, {1, 9, LowRisk},
	} {
		if r := assessed(sizedBy(c.lookups), eighthAt(c.last)...); r.Level != c.level || r.Distance != 0 {
			t.Errorf("%.3f of the expected distance after %d lookups: %s, %.3f, %q", c.last, c.lookups, r.Level, r.Distance, r.Reasons)
		}
	}
}

func TestTheNetworksAndIDsOfTheClosestAreJudged(t *testing.T) {
	for _, c := range []struct {
		nodes, networks, secure int
		level                   RiskLevel
	}{
		{8, 8, 8, LowRisk}, {8, 6, 8, LowRisk}, {8, 5, 8, MediumRisk}, {8, 4, 8, HighRisk},
		{8, 8, 4, LowRisk}, {8, 8, 3, MediumRisk}, {8, 8, 1, MediumRisk}, {8, 8, 0, HighRisk}, {7, 7, 7, MediumRisk}, {8, 5, 3, HighRisk},
	} {
		var closest []wire.Contact
		for i := range c.nodes {
			n := at(byte(i%c.networks), byte(i), 0xff)
			n.Addr = netip.AddrPortFrom(n.Addr.Addr(), uint16(6881+i))
			if n.ID = wire.MakeSecure(n.ID, n.Addr.Addr()); i >= c.secure {
				n.ID[0] ^= 0x80
			}
			closest = append(closest, n)
		}
		r := assessed(NewShared(), closest...)
		if r.Level != c.level || r.Networks != c.networks || math.Abs(r.Secure-float64(c.secure)/float64(c.nodes)) > 1e-9 {
			t.Errorf("%d nodes in %d networks, %d valid IDs: %+v", c.nodes, c.networks, c.secure, r)
		}
	}
}

func TestWithoutRepliesTheRiskIsHigh(t *testing.T) {
	if r := assessed(NewShared()); r.Level != HighRisk || len(r.Reasons) != 1 {
		t.Errorf("without nodes: %+v", r)
	}
	l := fresh(Config{})
	l.queried = append(l.queried, l.newCandidate(at(1, 1), nil))
	if r := l.assess(); r.Level != HighRisk || len(r.Reasons) != 1 {
		t.Errorf("without replies: %+v", r)
	}
}
