package attach

import (
	"testing"

	"dhtop/dhtcore"
	"dhtop/ui/api"
)

func TestAnAttachedScreenSeesWhatTheNodeSees(t *testing.T) {
	e, server, _ := node(t, lively(), api.Config{Addr: "127.0.0.1:0"})
	_, core := attached(t, server.URL(), Config{Version: "1.2"})
	eventually(t, "the hashes come", func() bool {
		s := core.Snapshot()
		return s.Phase == dhtcore.Serving && len(s.Hashes.Top) > 3 && len(s.Nodes[0].Contacts) > 8
	})
	if s, here := core.Snapshot(), e.Snapshot(); s.Nodes[0].ID != here.Nodes[0].ID || !s.Started.Equal(here.Started) {
		t.Errorf("it sees %v", s.Nodes[0].ID)
	}
	before := core.Snapshot()
	eventually(t, "another picture", func() bool { return core.Snapshot().Revision > before.Revision })
}
