package metadata

import (
	"context"
	"crypto/sha1"
	"errors"
	"net"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// dropping answers one request of those that wait, and drops the rest.
func dropping(s *stranger) {
	s.greet()
	for piece := range s.requests {
		time.Sleep(50 * time.Millisecond)
		for len(s.requests) > 0 {
			<-s.requests
		}
		s.send(reply(s.dict, piece))
	}
}

// paced answers every request, one at a time and so long after the last.
func paced(pause time.Duration) func(s *stranger) {
	return func(s *stranger) {
		s.greet()
		for piece := range s.requests {
			time.Sleep(pause)
			s.send(reply(s.dict, piece))
		}
	}
}

func TestASlowPeerIsWaitedForWhileItSendsPieces(t *testing.T) {
	const kib = 1 << 10
	for _, c := range []struct {
		name   string
		size   int
		behave func(s *stranger)
		within time.Duration
	}{
		{"drops all but one request", 400 * kib, dropping, 4 * time.Second},
		{"drops all but one request, 4 MiB", 4096 * kib, dropping, 20 * time.Second},
		{"two pieces a second, as Transmission", 400 * kib, paced(500 * time.Millisecond), 14 * time.Second},
		{"two pieces a second, 4 MiB", 4096 * kib, paced(500 * time.Millisecond), 130 * time.Second},
		{"a piece in five seconds", 100 * kib, paced(5 * time.Second), 40 * time.Second},
		{"drops every third request", 400 * kib, func(s *stranger) {
			s.greet()
			n := 0
			for piece := range s.requests {
				if n++; n%3 != 0 {
					s.send(reply(s.dict, piece))
				}
			}
		}, 30 * time.Second},
		{"a pause amid the pieces", 400 * kib, func(s *stranger) {
			s.greet()
			n := 0
			for piece := range s.requests {
				if n++; n == 10 {
					time.Sleep(8 * time.Second)
				}
				time.Sleep(10 * time.Millisecond)
				s.send(reply(s.dict, piece))
			}
		}, 9 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				dict := dictOf("slow", c.size)
				cfg, dials := dialing(t, dict, nil, c.behave)
				began := time.Now()
				got, err := Fetch(t.Context(), cfg, sha1.Sum(dict), make([]netip.AddrPort, 1))
				if err != nil || got.Name != "slow" {
					t.Errorf("%q, %v", got.Name, err)
				}
				if took := time.Since(began); took > c.within || *dials != 1 {
					t.Errorf("it took %s and %d connections", took, *dials)
				}
			})
		})
	}
}

func TestAPeerThatFallsSilentIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg, _ := dialing(t, whole, nil, func(s *stranger) {
			s.greet()
			for range 3 {
				time.Sleep(5 * time.Second)
				s.send(reply(s.dict, <-s.requests))
			}
			s.hear()
		})
		began := time.Now()
		_, err := Fetch(t.Context(), cfg, sha1.Sum(whole), make([]netip.AddrPort, 1))
		if !errors.Is(err, ErrNoMetadata) || !strings.Contains(err.Error(), "too slow") {
			t.Error(err)
		}
		if took, want := time.Since(began), 15*time.Second+DefaultPeerTimeout; took != want {
			t.Errorf("it took %s, want %s", took, want)
		}
	})
}

func TestAPeerThatSendsAPieceNowAndThenIsGivenUpInTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dict := dictOf("endless", MaxSize-1000)
		cfg, _ := dialing(t, dict, nil, paced(11*time.Second))
		began := time.Now()
		_, err := Fetch(t.Context(), cfg, sha1.Sum(dict), make([]netip.AddrPort, 1))
		if took := time.Since(began); !errors.Is(err, ErrNoMetadata) || took != DefaultMaxTime {
			t.Errorf("%v after %s", err, took)
		}
	})
}

func TestSlowPeersMakeRoomForAFastOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dict := dictOf("endless", MaxSize-1000)
		slow, slowDials := dialing(t, dict, nil, paced(11*time.Second))
		fast, _ := dialing(t, dict, nil, paced(0))
		peers := make([]netip.AddrPort, DefaultParallel+1)
		for i := range peers {
			peers[i] = netip.AddrPortFrom(netip.IPv4Unspecified(), uint16(i/DefaultParallel))
		}
		began := time.Now()
		got, err := Fetch(t.Context(), Config{Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
			if netip.MustParseAddrPort(addr).Port() == 1 {
				return fast.Dial(ctx, network, addr)
			}
			return slow.Dial(ctx, network, addr)
		}}, sha1.Sum(dict), peers)
		if took := time.Since(began); err != nil || got.Name != "endless" || took > DefaultPeerTimeout+time.Second {
			t.Errorf("%q, %v after %s and %d slow peers", got.Name, err, took, *slowDials)
		}
	})
}

func TestManySlowPeersTakeNoMoreThanHalfAsManyConnectionsAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dict := dictOf("endless", MaxSize-1000)
		cfg, dials := dialing(t, dict, nil, paced(11*time.Second))
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
		defer cancel()
		Fetch(ctx, cfg, sha1.Sum(dict), make([]netip.AddrPort, 1000)) //nolint:errcheck // it ends with ctx
		if *dials != DefaultParallel*3/2 {
			t.Errorf("%d connections", *dials)
		}
	})
}

func TestRtorrentIsAskedForOnePieceAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg, _ := dialingClient(t, "-lt0D80-", whole, nil, func(s *stranger) {
			s.greet()
			for piece := range s.requests {
				time.Sleep(50 * time.Millisecond)
				if len(s.requests) > 0 {
					break
				}
				s.send(reply(s.dict, piece))
			}
			s.hear()
		})
		began := time.Now()
		if got, err := Fetch(t.Context(), cfg, sha1.Sum(whole), make([]netip.AddrPort, 1)); err != nil || got.Name != "whole" {
			t.Errorf("%+v, %v", got, err)
		}
		if took := time.Since(began); took > time.Second {
			t.Errorf("it took %s", took)
		}
	})
}
