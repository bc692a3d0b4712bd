package dhtcore

import (
	"context"
	"errors"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

var victim = netip.MustParseAddrPort("46.123.4.5:6881")

// tries returns how many of n queries to an address may be sent, one every pause.
func (s *silentAddresses) tries(t *testing.T, addr netip.AddrPort, n int, pause time.Duration) (sent int) {
	for range n {
		if s.ask(t.Context(), addr) == nil {
			sent++
		}
		time.Sleep(pause)
	}
	return sent
}

func TestAnAddressThatNeverAnswersGetsTwoQueries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s silentAddresses
		if sent := s.tries(t, victim, 100, 8*time.Second); sent != maxUnanswered || !s.isSilent(victim, time.Now()) {
			t.Errorf("%d packets in 13 minutes", sent)
		}
		time.Sleep(silentFor)
		if sent := s.tries(t, victim, 100, time.Second); sent != maxUnanswered {
			t.Errorf("%d packets a quarter of an hour later", sent)
		}
	})
}

func TestAnAddressThatAnswersIsAskedAtWill(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, err := range map[string]error{"a reply": nil, "an error": &wire.Error{Code: 203}, "nonsense": wire.ErrInvalid} {
			var s silentAddresses
			s.tries(t, victim, 1, 0)
			s.outcome(victim, err)
			if sent := s.tries(t, victim, 100, time.Second); sent != 100 {
				t.Errorf("%d packets after %s", sent, name)
			}
			time.Sleep(silentFor)
			if sent := s.tries(t, victim, 100, time.Second); sent != maxUnanswered {
				t.Errorf("%d packets long after %s", sent, name)
			}
		}
	})
}

// Many lookups ask one address at once: the third of them waits to see whether it answers.
func TestWhoAsksAnAddressAtTheSameTimeWaitsForItsAnswer(t *testing.T) {
	for answers, want := range map[bool]int{true: 20, false: maxUnanswered} {
		synctest.Test(t, func(t *testing.T) {
			var s silentAddresses
			sent := make(chan bool, 20)
			started := time.Now()
			for range 20 {
				go func() { sent <- s.ask(context.Background(), victim) == nil }()
			}
			time.Sleep(100 * time.Millisecond)
			if len(sent) != maxUnanswered {
				t.Errorf("%d packets at once", len(sent))
			}
			if answers {
				s.outcome(victim, nil)
			}
			n := 0
			for range 20 {
				if <-sent {
					n++
				}
			}
			if took := time.Since(started); n != want || took > node.DefaultTimeout {
				t.Errorf("answers %v: %d packets, in %s", answers, n, took)
			}
			if len(s.waiting) != 0 {
				t.Errorf("%d addresses are waited for", len(s.waiting))
			}
		})
	}
}

func TestAHostIsBlamedForAllItsPorts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for ip, want := range map[string]int{"46.123.4.5": maxUnansweredHost, "127.0.0.1": 100} {
			var s silentAddresses
			sent := 0
			for port := range uint16(100) {
				sent += s.tries(t, netip.AddrPortFrom(netip.MustParseAddr(ip), 1024+port), 1, time.Second)
			}
			if sent != want {
				t.Errorf("%d packets to the ports of %s", sent, ip)
			}
		}
	})
}

func TestAPacketThatWasNotSentAndAnOutageAreNoSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s silentAddresses
		for range 20 {
			s.tries(t, victim, 1, 0)
			s.outcome(victim, &node.SendError{To: victim, Err: errors.New("no route")})
		}
		if sent := s.tries(t, victim, 10, 10*time.Second); sent != maxUnanswered {
			t.Errorf("%d packets after some that could not be sent", sent)
		}
		if s.forget(); s.isSilent(victim, time.Now()) {
			t.Error("silent although our own network was away")
		}
	})
}

func TestSilentAddressesAreBounded(t *testing.T) {
	var s silentAddresses
	for i := range uint32(3 * maxAddresses) {
		ip := netip.AddrFrom4([4]byte{byte(i>>16) + 1, byte(i >> 8), byte(i), 1})
		s.answered(netip.AddrPortFrom(ip, 1))
	}
	if n := len(s.newer) + len(s.older); n > 2*maxAddresses || n < maxAddresses {
		t.Errorf("%d addresses are remembered", n)
	}
}

func TestOurOwnAddressesAreNotAsked(t *testing.T) {
	cfg := offline("")
	cfg.Vantages = 2
	e := start(t, cfg)
	for _, v := range e.vantages.list {
		if !e.vantages.isOurs(v.Addr()) || e.vantages.believes(v.Addr(), victim) {
			t.Errorf("%s is not known for our own", v.Addr())
		}
		if err := e.vantages.Admit(t.Context(), v.Addr()); !errors.Is(err, errOurselves) {
			t.Errorf("%s: %v", v.Addr(), err)
		}
		other := netip.AddrPortFrom(v.Addr().Addr(), v.Addr().Port()^1)
		if e.vantages.isOurs(other) {
			t.Errorf("%s is taken for our own", other)
		}
	}
}
