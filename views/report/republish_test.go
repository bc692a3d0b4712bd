package report

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"dhtop/dhtcore"
)

func TestWhatIsKeptAndRenewed(t *testing.T) {
	item := pointer
	peer := dhtcore.KeptEntry{Target: id(0xab), State: dhtcore.KeptAlive, Renewals: 3, Renewed: at(0), Stored: 7, Refused: 1,
		Holding: dhtcore.Held{Closest: 8, Checked: 8, Nodes: 7}, Seen: at(-time.Second)}
	first, failing, few := peer, peer, peer
	first.Renewals, first.Seen, first.Holding = 1, time.Time{}, dhtcore.Held{}
	failing.State, failing.Failures, failing.Err = dhtcore.KeptFailing, 2, "no node stored it"
	few.Holding.Nodes = 3
	superseded := dhtcore.KeptEntry{Target: id(0xcd), State: dhtcore.KeptSuperseded, Item: &item, Err: "a newer item is stored: with sequence number 9"}
	var j, plain, csv bytes.Buffer
	list := Stay{Kind: "stay", Started: timestamp(at(0)), ElapsedMS: 3_600_500, EveryMS: 900_000, Entries: 5, Waiting: 1, Alive: 2, Failing: 1,
		Superseded: 1, Renewals: 12, FailedRenewals: 2, Looks: 1, Packets: 1234, NeedsPackets: 1.5, NeedsHosts: 60, LinesLeftOut: 2}
	for i, k := range []dhtcore.KeptEntry{first, peer, failing, few, superseded, {Target: id(0xef)}} {
		r := dhtcore.Renewal{At: at(time.Second), KeptEntry: k, Late: 30 * time.Millisecond, Packets: 33, Looked: k.Holding.Nodes == 3, Changed: i == 1}
		doc := NewRenewal(&r, k.Item == nil, Options{})
		list.List = append(list.List, newKept(&k, k.Item == nil, Options{}))
		if err := errors.Join(WriteNDJSON(&j, &doc), doc.WritePlain(&plain)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(WriteJSON(&j, &list), list.WritePlain(&plain), list.WriteCSV(&csv)); err != nil {
		t.Fatal(err)
	}
	golden(t, "stay.json", j.Bytes())
	golden(t, "stay.plain", plain.Bytes())
	golden(t, "stay.csv", csv.Bytes())
}
