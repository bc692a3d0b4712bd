package lookup

import "testing"

func TestRoundsSumUpTheSteps(t *testing.T) {
	s := State{Steps: []Step{{Round: 1, State: Replied}, {Round: 1, State: TimedOut}, {Round: 3, State: Lied},
		{Round: 3, State: Replied, Late: true}, {Round: 0, State: InFlight}}}
	got := s.Rounds()
	want := []Round{{Asked: 3, Replied: 1, TimedOut: 1, InFlight: 1}, {}, {Asked: 2, Replied: 1, Lied: 1, Late: 1}}
	if len(got) != len(want) {
		t.Fatalf("%d rounds", len(got))
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("round %d: %+v, want %+v", i+1, got[i], want[i])
		}
	}
	if (&State{}).Rounds() != nil {
		t.Error("rounds of no steps")
	}
}

func TestTheSwarmIsAsLargeAsTheFiltersOrThePeersSay(t *testing.T) {
	s := State{Seeds: 3, Leechers: 4, Peers: make([]Peer, 5)}
	if s.SwarmEstimate() != 7 {
		t.Errorf("%d by the filters", s.SwarmEstimate())
	}
	if s.Peers = make([]Peer, 9); s.SwarmEstimate() != 9 {
		t.Errorf("%d by the peers", s.SwarmEstimate())
	}
}
