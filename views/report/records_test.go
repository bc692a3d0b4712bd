package report

import (
	"bytes"
	"strconv"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/pkarr"
	"dhtop/dhtcore/wire"
)

// owner is the public key of the records.
var owner = bytes.Repeat([]byte{7}, 32)

// gotRecords is a lookup of an item with a value whose newest version one node has, another an older one, a third none.
func gotRecords(content string) *dhtcore.LookupState {
	l := stored
	l.Started = at(0)
	l.Item = &dhtcore.Item{Key: owner, HasSeq: true, Seq: at(0).UnixMicro(), Value: append([]byte(strconv.Itoa(len(content))+":"), content...)}
	for i := range byte(3) {
		step := dhtcore.Step{Contact: wire.Contact{ID: id(0xab, i+1), Addr: addr("203.0.113.7:688" + strconv.Itoa(int(i)))}, State: dhtcore.Replied,
			Item: i < 2, RTT: time.Duration(i+1) * time.Millisecond}
		l.Steps, l.Closest = append(l.Steps, step), append(l.Closest, step)
		if step.Item {
			l.Holders = append(l.Holders, lookup.Holder{Contact: step.Contact, Seq: l.Item.Seq - int64(i)})
		}
	}
	l.ItemFrom = []wire.Contact{l.Closest[0].Contact}
	return &l
}

func TestTheRecordsInAnItemAreAZoneFile(t *testing.T) {
	packet, err := pkarr.Encode([]string{"@ 300 A 192.0.2.77", "www 4000000 CNAME @", `_x 1 TXT "a=\027]52;" "b"`}, owner)
	if err != nil {
		t.Fatal(err)
	}
	for name, o := range map[string]Options{"records": {}, "records-masked": {MaskAddrs: true}} {
		var j, plain bytes.Buffer
		for _, content := range []string{string(packet), string(packet[:40]), "hello", string(packet[:12])} {
			g := NewGet(gotRecords(content), o)
			g.ExpectRecords()
			if err := WriteJSON(&j, &g); err != nil {
				t.Fatal(err)
			}
			if err := g.WritePlain(&plain); err != nil {
				t.Fatal(err)
			}
		}
		golden(t, name+".json", j.Bytes())
		golden(t, name+".plain", plain.Bytes())
	}
}

func TestAnItemIsNotSuspectedToHoldRecords(t *testing.T) {
	for _, content := range []string{"hello", "", "\x00\x00\x84\x00\x00\x00\x00\x00\x00\x00\x00\x00"} {
		g := NewGet(gotRecords(content), Options{})
		var plain strings.Builder
		if err := g.WritePlain(&plain); err != nil || len(g.Records.Records) > 0 || g.RecordsError != nil || strings.Contains(plain.String(), "has seq") {
			t.Errorf("%q: %+v\n%s", content, g.Records, plain.String())
		}
	}
}
