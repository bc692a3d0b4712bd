package testnet_test

import (
	"context"
	"errors"
	"testing"

	"dhtop/dhtcore/testnet"
	"dhtop/dhtcore/wire"
)

func TestTheSharesOfTheClientsAddUp(t *testing.T) {
	sum := 0.0
	for _, c := range testnet.Mainline {
		if sum += c.Share; c.K == 0 || c.Alpha == 0 || c.Refresh == 0 {
			t.Errorf("%q has no habits: %+v", c.Version, c)
		}
	}
	if sum < 0.999 || sum > 1.001 {
		t.Errorf("the shares are %.3f together", sum)
	}
}

// Every client replies under its own version, and to the queries that it does not know as it does.
func TestNodesSpeakAsTheirClientsDo(t *testing.T) {
	cfg := testnet.Config{Nodes: 200, Seed: 1, Clients: testnet.Mainline}
	inWorld(t, cfg, testnet.Demand{Hashes: 100, Exponent: 1.2}, func(t *testing.T, v visitor) {
		versions, sampled, refused, evaded, silent := map[string]int{}, 0, 0, 0, 0
		for _, c := range v.network.Contacts() {
			reply, err := v.Query(context.Background(), c, wire.Query{Method: wire.FindNode, Target: v.ID()})
			if err != nil {
				t.Fatal(err)
			}
			versions[reply.Version]++
			reply, err = v.Query(context.Background(), c, wire.Query{Method: wire.SampleInfohashes, Target: v.ID()})
			var krpc *wire.Error
			switch {
			case errors.As(err, &krpc) && krpc.Code == wire.CodeMethodUnknown:
				refused++
			case err != nil:
				silent++
			case reply.HasSamples:
				sampled++
			default:
				evaded++
			}
		}
		for _, c := range testnet.Mainline {
			if versions[c.Version] == 0 {
				t.Errorf("nobody is %q", c.Version)
			}
		}
		if len(versions) != 12 || versions[""] < 20 || versions[""] > 44 {
			t.Errorf("versions: %v", versions)
		}
		if sampled < 80 || refused < 40 || evaded < 4 || silent < 15 {
			t.Errorf("of 200 nodes %d gave samples, %d refused, %d evaded, %d were silent", sampled, refused, evaded, silent)
		}
	})
}
