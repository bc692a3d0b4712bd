package scenario

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore/testnet"
	"dhtop/dhtcore/wire"
)

const whole = `
name = "a day"
about = "All that can happen."
nodes = 150
for = "60s"
demand = false

[start]
loss = 0.01
churn = "2s"

[[step]]
at = "10s"
target = "hottest"
begin = { kind = "sybil ring", count = 20, for = "5s" }
lookup = true

[[step]]
at = "20s"
set = { loss = 0.3, delay = "400ms" }
end = ["sybil ring"]
faults = [
  "out get_peers drop=0.2",
]
lookups_every = "2s"

[[step]]
at = "20s"
target = 3
begin = "flood"
network = "away"
store = "full"

[[step]]
at = "30s"
target = "0102030405060708090a0b0c0d0e0f1011121314"
set.loss = 0
faults = []
lookups_every = "never"
network = "back"
store = "back"
mended = true

[expect]
risk = "high"
recall = ">= 0.9"
recovery = "<= 60s"
lost = 0
`

func TestAWholeFileIsRead(t *testing.T) {
	s, err := Parse("a.toml", []byte(whole))
	if err != nil {
		t.Fatal(err)
	}
	hash, _ := wire.ParseID("0102030405060708090a0b0c0d0e0f1011121314")
	want := &Scenario{
		Name: "a day", About: "All that can happen.", Nodes: 150, For: time.Minute,
		Start: testnet.Conditions{Loss: 0.01, Churn: 2 * time.Second},
		Steps: []Step{
			{At: 10 * time.Second, Target: Target{Rank: 1}, Lookup: true,
				Begin: &testnet.Incident{Kind: testnet.SybilRing, Count: 20, For: 5 * time.Second}},
			{At: 20 * time.Second, Set: []Setting{{"loss", 0.3}, {"delay", 0.4}}, End: []testnet.IncidentKind{testnet.SybilRing},
				Faults: []testnet.Fault{{Direction: testnet.Outbound, Method: wire.GetPeers, Drop: 0.2}}, Lookups: 2 * time.Second},
			{At: 20 * time.Second, Target: Target{Rank: 3}, Begin: &testnet.Incident{Kind: testnet.Flood}, Network: Away, Store: Full},
			{At: 30 * time.Second, Target: Target{Hash: hash}, Set: []Setting{{"loss", 0}}, Faults: []testnet.Fault{}, Lookups: -1,
				Network: Back, Store: Back, Mended: true},
		},
		Expect: []Expectation{
			{"risk", "==", 0, "high"}, {"recall", ">=", 0.9, ""}, {"recovery", "<=", 60, ""}, {"lost", "==", 0, ""},
		},
	}
	if !reflect.DeepEqual(s, want) {
		t.Errorf("read %+v\nwant %+v", s, want)
	}
	var steps []string
	for i := range s.Steps {
		steps = append(steps, s.Steps[i].String())
	}
	got, is := strings.Join(steps, "\n"), `sybil ring at the hottest hash, a lookup of the hottest hash
loss 30 %, delay 400ms, end of the sybil ring, 1 fault on the wire, a lookup every 2s
flood, network away, store full
loss 0 %, no more faults on the wire, no more lookups, network back, store back, mended`
	if got != is {
		t.Errorf("the steps are\n%s\nwant\n%s", got, is)
	}
}

func TestTheConditionsAreTheWorldsWhereAFileDoesNotNameThem(t *testing.T) {
	s, err := Parse("a.toml", []byte("name = 'x'\nfor = '10s'"))
	if world := testnet.World(0, 0).Conditions; err != nil || s.Start != world || !s.Demand {
		t.Errorf("%+v, %v: want %+v and demand", s, err, world)
	}
	if got, want := Apply([]Setting{{"loss", 0.5}}, s.Start), s.Start; got.Loss != 0.5 || got.Silent != want.Silent {
		t.Errorf("with a loss of 50 %%: %+v", got)
	}
}

const head = "name = 'x'\nfor = '60s'\n" // two lines

func TestErrorsNameTheLineAndTheRemedy(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", `a.toml: the scenario has no name: add name = "..."`},
		{"name = 'x'", `a.toml: the scenario has no end: add for = "60s"`},
		{"name = 'x'\nfor = ", `a.toml:2: this is not TOML: write NAME = VALUE, with text and durations in quotes, such as at = "10s"`},
		{"name = 'x'\nfor = 60", `a.toml:2: for is 60: want a duration in quotes, such as "10s"`},
		{"name = 'x'\nfor = '-1s'", `a.toml:2: for is "-1s": want a duration from 1s to 24h`},
		{"name = \"x\\ny\"", `a.toml:1: name contains characters that cannot be printed: write it on one line`},
		{head + "nods = 3", `a.toml:3: unknown key "nods": want one of name, about, nodes, for, demand, start, step, expect`},
		{head + "nodes = 3", `a.toml:3: nodes is 3: want a whole number from 8 to 5000`},
		{head + "demand = 1", `a.toml:3: demand is 1: want true or false, without quotes`},
		{head + "[start]\n\nloss = 30", `a.toml:5: loss is 30: want a number from 0 to 1`},
		{head + "[start]\nloss = nan", `a.toml:4: loss is NaN: want a number from 0 to 1`},
		{head + "start = 3", `a.toml:3: start is 3: want a table`},
		{head + "[start]\nrain = 0.3", `a.toml:4: unknown key "rain": want one of loss, delay, silent, nated, liars, partition, churn, demand`},
		{head + "[[step]]\nlookup = true\n", `a.toml:3: the step at 0s has no target: add target = "hottest", a rank such as 3, or 40 hexadecimal digits`},
		{head + "[[step]]\nat = '1s'\n", `a.toml:3: the step at 1s does nothing: give it a key such as set, begin, end or lookup`},
		{head + "[[step]]\nat = '9s'\nmended = true\n[[step]]\nmended = true\nat = '8s'", `a.toml:8: the step at 8s stands after the one at 9s: put the steps in order`},
		{head + "[[step]]\nat = '60s'\nmended = true", `a.toml:2: for = 1m0s ends before the last step, at 1m0s: make it longer`},
		{head + "[[step]]\nmended = true\n[[step]]\nset = { loss = 2 }", `a.toml:6: loss is 2: want a number from 0 to 1`},
		{head + "[[step]]\ntarget = 'hot'", `a.toml:4: target is "hot": want "hottest", a rank such as 3, or 40 hexadecimal digits in quotes`},
		{head + "[[step]]\nbegin = 'siege'", `a.toml:4: begin is "siege": want one of sybil ring, poisoned region, flood, demand spike`},
		{head + "[[step]]\nbegin = { count = 3 }", `a.toml:4: begin has no kind: add kind = "sybil ring"`},
		{head + "[[step]]\n[step.begin]\nkind = 'flood'\ncount = -1", `a.toml:6: count is -1: want a whole number from 1 to 1000`},
		{head + "[[step]]\nend = ['flood', 'x']", `a.toml:4: end is "x": want one of sybil ring, poisoned region, flood, demand spike`},
		{head + "[[step]]\nlookups_every = '1ms'", `a.toml:4: lookups_every is "1ms": want "never" or a duration from 100ms in quotes`},
		{head + "[[step]]\nnetwork = 'full'", `a.toml:4: network is "full": want one of away, back`},
		{head + "[[step]]\nfaults = ['sideways']", `a.toml:4: fault "sideways": `},
		{head + "[expect]\nluck = 1", `a.toml:4: unknown key "luck": want one of lookups, recall, `},
		{head + "[expect]\nrecall = '> 0.9'", `a.toml:4: recall is "> 0.9": want one of >=, <=, == with a space and a bound after it, such as ">= 0.9"`},
		{head + "[expect]\nrecall = '>= 9'", `a.toml:4: recall is 9: want a number from 0 to 1`},
		{head + "[expect]\nlost = '<= many'", `a.toml:4: lost is compared with "many": want a number`},
		{head + "[expect]\ndeaf = '<= 60'", `a.toml:4: deaf is "60": want a duration in quotes, such as "10s"`},
		{head + "[expect]\nrisk = 'huge'", `a.toml:4: risk is "huge": want one of low, medium, high`},
		{head + "[expect]\nrecovery = '<= 9s'", `a.toml:4: recovery is expected, but never measured: add mended = true to the step after which all can be well again`},
		{head + "[expect]\nrank = 1", `a.toml:4: rank is expected, but never measured: add a step with a target`},
		{"a = " + strings.Repeat("[", maxFile-4), "a.toml:1: this is not TOML"},
		{strings.Repeat("#", maxFile+1), `a.toml is too large: a scenario has at most 64 KiB`},
	} {
		if s, err := Parse("a.toml", []byte(c.text)); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%.200q\n got %+v, %v\nwant %s", c.text, s, err, c.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(whole))
	for _, text := range []string{"step = [{at='1s'}, 3]", "[step]\nat='1s'", "[[expect]]\nrisk='low'", "a.b.c = 1\n[a.b]\n", "[[step]]\n[[step.set]]\n", "\xef\xbb\xbfname = 1979-05-27"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := Parse("f", data)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "f") || strings.ContainsAny(err.Error(), "\n\x1b") {
				t.Errorf("error %q", err)
			}
			return
		}
		last := time.Duration(0)
		for i := range s.Steps {
			if step := &s.Steps[i]; step.At < last || step.At >= s.For || step.String() == "" && step.Target == (Target{}) {
				t.Errorf("step %+v of %+v", step, s)
			}
			last = s.Steps[i].At
		}
		if c := s.Start; c.Loss < 0 || c.Loss > 1 || c.Delay < 0 || c.Delay > maxTime {
			t.Errorf("conditions %+v", c)
		}
		for _, v := range Judge(s, &Measurements{}) {
			if v.Want == "" {
				t.Errorf("verdict %+v", v)
			}
		}
	})
}
