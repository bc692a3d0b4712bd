package scenario

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"
)

// unmeasured are measurements of nothing.
func unmeasured() Measurements {
	return Measurements{Lookups: -1, Recall: -1, MissedPeers: -1, ClosestFound: -1, Contacts: -1, FalseContacts: -1, FalseShare: -1,
		IntervalViolations: -1, Recovery: -1, Deaf: -1, Answered: -1, PacketsPerSecond: -1, RiskRight: -1, Rank: -1, Lost: -1}
}

func TestTheVerdictsCompareWhatIsExpectedWithWhatWasMeasured(t *testing.T) {
	s := &Scenario{Expect: []Expectation{
		{"recall", ">=", 0.9, ""}, {"recovery", "<=", 60, ""}, {"risk", "==", 0, "high"}, {"lost", "==", 0, ""}, {"rank", "<=", 1, ""},
		{"packets_per_second", "<=", 200, ""},
	}}
	m := unmeasured()
	m.Recall, m.Recovery, m.Risk, m.Lost, m.PacketsPerSecond = 0.9, 61240*time.Millisecond, "high", 3, 133.26
	want := []Verdict{
		{"recall", ">= 0.9", "0.9", true}, {"recovery", "<= 60s", "61.24s", false}, {"risk", "high", "high", true},
		{"lost", "== 0", "3", false}, {"rank", "<= 1", "", false}, {"packets_per_second", "<= 200", "133.3", true},
	}
	if got := Judge(s, &m); !reflect.DeepEqual(got, want) || Passed(got) || !Passed(got[:1]) {
		t.Errorf("%+v\nwant %+v", got, want)
	}
}

func TestMeasurementsInJSONAreNullWhereTheyWereNotTaken(t *testing.T) {
	m := unmeasured()
	m.Recall, m.Deaf, m.PacketsOut = 0.5, 1500*time.Millisecond, 7
	got, err := json.Marshal(m)
	want := `{"lookups":null,"recall":0.5,"missed_peers":null,"closest_found":null,"contacts":null,"false_contacts":null,` +
		`"false_share":null,"interval_violations":null,"recovery_ms":null,"deaf_ms":1500,"answered":null,"packets_out":7,` +
		`"packets_in":0,"packets_per_second":null,"risk":null,"risk_right":null,"rank":null,"lost":null}`
	if err != nil || string(got) != want {
		t.Errorf("%s, %v\nwant %s", got, err, want)
	}
}

func TestEveryMeasurementHasARowAndEveryConditionToo(t *testing.T) {
	if rows, fields := len(Measures()), reflect.TypeFor[Measurements]().NumField(); rows != fields {
		t.Errorf("%d rows for %d measurements", rows, fields)
	}
	if rows, fields := len(Conditions()), reflect.TypeOf(Scenario{}.Start).NumField(); rows != fields {
		t.Errorf("%d rows for %d conditions", rows, fields)
	}
}
