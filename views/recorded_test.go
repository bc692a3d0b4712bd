package views

import (
	"testing"

	"dhtop/dhtcore"
	"dhtop/dhtcore/record"
)

// recorded returns a Snapshot as somebody gets it who looks at a recording, or from elsewhere: what a pane shows must
// survive that. All goldens are of such Snapshots.
func recorded(t *testing.T, s *dhtcore.Snapshot) *dhtcore.Snapshot {
	t.Helper()
	e, err := record.NewEncoder[dhtcore.Snapshot]()
	if err != nil {
		t.Fatal(err)
	}
	d, err := record.NewDecoder[dhtcore.Snapshot]()
	if err != nil {
		t.Fatal(err)
	}
	frame, err := e.Base(nil, s)
	if err != nil {
		t.Fatal(err)
	}
	got, err := d.Base(frame)
	if err != nil {
		t.Fatal(err)
	}
	return got
}
