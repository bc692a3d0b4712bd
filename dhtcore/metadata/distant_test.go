package metadata

import (
	"crypto/sha1"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"
)

// distant gives a peer's answers a delay, as a long way does: they overlap.
func distant(delay time.Duration, behave func(s *stranger, send func(metadataMessage))) func(s *stranger) {
	return func(s *stranger) {
		s.greet()
		out, done := make(chan metadataMessage, 1000), make(chan struct{})
		go func() {
			for {
				select {
				case m := <-out:
					s.send(m)
				case <-done:
					return
				}
			}
		}()
		behave(s, func(m metadataMessage) { time.AfterFunc(delay, func() { out <- m }) })
		time.Sleep(delay + time.Second)
		close(done)
	}
}

func TestADistantPeerThatDropsRequestsIsAskedAgain(t *testing.T) {
	for _, delay := range []time.Duration{time.Second, 1600 * time.Millisecond, 2 * time.Second, 3 * time.Second} {
		t.Run(delay.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				cfg, _ := dialing(t, whole, nil, distant(delay, func(s *stranger, send func(metadataMessage)) {
					for piece := range s.requests {
						time.Sleep(20 * time.Millisecond)
						for len(s.requests) > 0 {
							<-s.requests
						}
						send(reply(s.dict, piece))
					}
				}))
				began := time.Now()
				got, err := Fetch(t.Context(), cfg, sha1.Sum(whole), make([]netip.AddrPort, 1))
				t.Log(time.Since(began))
				if err != nil || got.Name != "whole" {
					t.Errorf("%q, %v after %s", got.Name, err, time.Since(began))
				}
			})
		})
	}
}

func TestADistantPeerThatAnswersAllIsAskedForSeveralPiecesAtOnce(t *testing.T) {
	for _, delay := range []time.Duration{time.Second, 1600 * time.Millisecond, 2 * time.Second, 3 * time.Second, 5 * time.Second} {
		t.Run(delay.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				dict := dictOf("far", 4<<20)
				cfg, _ := dialing(t, dict, nil, distant(delay, func(s *stranger, send func(metadataMessage)) {
					for piece := range s.requests {
						send(reply(s.dict, piece))
					}
				}))
				began := time.Now()
				got, err := Fetch(t.Context(), cfg, sha1.Sum(dict), make([]netip.AddrPort, 1))
				if took := time.Since(began); err != nil || got.Name != "far" || took > 40*delay {
					t.Errorf("%q, %v after %s", got.Name, err, took)
				}
			})
		})
	}
}
