package metadata

import (
	"context"
	"crypto/sha1"
	"net"
	"net/netip"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestLiarsThatHoldOutDoNotFillTheMemory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dict := dictOf("large", MaxSize-1000)
		var mu sync.Mutex
		sent := 0
		liar, _ := dialing(t, dict, nil, func(s *stranger) {
			s.greet()
			n := 0
			for piece := range s.requests {
				if n++; n > 400 {
					time.Sleep(11 * time.Second)
				}
				if s.send(reply(s.dict, piece)) {
					mu.Lock()
					sent++
					mu.Unlock()
				}
			}
		})
		honest, _ := dialing(t, dict, nil, paced(20*time.Millisecond))
		peers := make([]netip.AddrPort, 21)
		for i := range peers {
			peers[i] = netip.AddrPortFrom(netip.IPv4Unspecified(), uint16(i/20))
		}
		began := time.Now()
		got, err := Fetch(t.Context(), Config{Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
			if netip.MustParseAddrPort(addr).Port() == 1 {
				return honest.Dial(ctx, network, addr)
			}
			return liar.Dial(ctx, network, addr)
		}}, sha1.Sum(dict), peers)
		if took := time.Since(began); err != nil || got.Name != "large" || took > time.Minute {
			t.Errorf("%q, %v after %s", got.Name, err, took)
		}
		mu.Lock()
		defer mu.Unlock()
		if sent < 3*400 {
			t.Errorf("the liars sent %d pieces, which is no test", sent)
		}
	})
}

func TestTheRoomOfAFetchIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &room{}
		var evicted []int
		tenants := make([]*tenant, 24)
		for i := range tenants {
			tenants[i] = r.enter(func() { evicted = append(evicted, i) })
		}
		for held := pieceSize; held <= MaxSize; held += pieceSize {
			for i, tenant := range tenants {
				time.Sleep(time.Millisecond)
				if i == 3 && held > 10*pieceSize {
					continue // it holds what it has and says no more
				}
				if r.hold(tenant, held); r.held > maxHeld {
					t.Fatalf("%d bytes are held", r.held)
				}
			}
		}
		if len(evicted) != len(tenants)-2 || evicted[0] != 3 {
			t.Errorf("%d were evicted, in the order %d", len(evicted), evicted)
		}
		for _, tenant := range tenants {
			r.leave(tenant)
		}
		if r.held != 0 || len(r.tenants) != 0 {
			t.Errorf("%d bytes are held by %d", r.held, len(r.tenants))
		}
	})
}
