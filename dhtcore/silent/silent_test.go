package silent

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
func (s *Addresses) tries(t *testing.T, addr netip.AddrPort, n int, pause time.Duration) (sent int) {
	for range n {
		if s.Ask(t.Context(), addr) == nil {
			sent++
		}
		time.Sleep(pause)
	}
	return sent
}

func TestAnAddressThatNeverAnswersGetsTwoQueries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s Addresses
		if sent := s.tries(t, victim, 100, 8*time.Second); sent != MaxUnanswered || !s.IsSilent(victim, time.Now()) {
			t.Errorf("%d packets in 13 minutes", sent)
		}
		time.Sleep(silentFor)
		if sent := s.tries(t, victim, 100, time.Second); sent != MaxUnanswered {
			t.Errorf("%d packets a quarter of an hour later", sent)
		}
	})
}

func TestAnAddressThatAnswersIsAskedAtWill(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, err := range map[string]error{"a reply": nil, "an error": &wire.Error{Code: 203}, "nonsense": wire.ErrInvalid} {
			var s Addresses
			s.tries(t, victim, 1, 0)
			s.Outcome(victim, err)
			if sent := s.tries(t, victim, 100, time.Second); sent != 100 {
				t.Errorf("%d packets after %s", sent, name)
			}
			time.Sleep(silentFor)
			if sent := s.tries(t, victim, 100, time.Second); sent != MaxUnanswered {
				t.Errorf("%d packets long after %s", sent, name)
			}
		}
	})
}

// Many lookups ask one address at once: the third of them waits to see whether it answers.
func TestWhoAsksAnAddressAtTheSameTimeWaitsForItsAnswer(t *testing.T) {
	for answers, want := range map[bool]int{true: 20, false: MaxUnanswered} {
		synctest.Test(t, func(t *testing.T) {
			var s Addresses
			sent := make(chan bool, 20)
			started := time.Now()
			for range 20 {
				go func() { sent <- s.Ask(context.Background(), victim) == nil }()
			}
			time.Sleep(100 * time.Millisecond)
			if len(sent) != MaxUnanswered {
				t.Errorf("%d packets at once", len(sent))
			}
			if answers {
				s.Outcome(victim, nil)
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
			var s Addresses
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
		var s Addresses
		for range 20 {
			s.tries(t, victim, 1, 0)
			s.Outcome(victim, &node.SendError{To: victim, Err: errors.New("no route")})
		}
		if sent := s.tries(t, victim, 10, 10*time.Second); sent != MaxUnanswered {
			t.Errorf("%d packets after some that could not be sent", sent)
		}
		if s.Forget(); s.IsSilent(victim, time.Now()) {
			t.Error("silent although our own network was away")
		}
	})
}

func TestSilentAddressesAreBounded(t *testing.T) {
	var s Addresses
	for i := range uint32(3 * maxAddresses) {
		ip := netip.AddrFrom4([4]byte{byte(i>>16) + 1, byte(i >> 8), byte(i), 1})
		s.Answered(netip.AddrPortFrom(ip, 1))
	}
	if n := len(s.newer) + len(s.older); n > 2*maxAddresses || n < maxAddresses {
		t.Errorf("%d addresses are remembered", n)
	}
}
