package dhtcore

import "dhtop/dhtcore/doctor"

// What the doctor says, under the names that views and ui know it by.
type (
	Verdict  = doctor.Verdict
	Finding  = doctor.Finding
	Cause    = doctor.Cause
	Word     = doctor.Word
	Terminal = doctor.Terminal
	Weather  = doctor.Weather
)

// The verdicts.
const (
	VerdictOK      = doctor.OK
	VerdictWaiting = doctor.Waiting
	VerdictFail    = doctor.Fail
)

// The causes.
const (
	CauseNoNetwork   = doctor.CauseNoNetwork
	CauseDeviceGone  = doctor.CauseDeviceGone
	CauseFirewall    = doctor.CauseFirewall
	CauseFiltered    = doctor.CauseFiltered
	CauseOverload    = doctor.CauseOverload
	CauseDNS         = doctor.CauseDNS
	CauseClosed      = doctor.CauseClosed
	CauseMapped      = doctor.CauseMapped
	CauseVPN         = doctor.CauseVPN
	CauseIPv6        = doctor.CauseIPv6
	CauseCarrierNAT  = doctor.CauseCarrierNAT
	CauseDoubleNAT   = doctor.CauseDoubleNAT
	CauseNoPublicIP  = doctor.CauseNoPublicIP
	CauseOtherWayOut = doctor.CauseOtherWayOut
	CauseSymmetric   = doctor.CauseSymmetric
	CauseClock       = doctor.CauseClock
	CausePortTaken   = doctor.CausePortTaken
)

// The weathers, from the least to the most serious.
const (
	NoWeather = doctor.NoWeather
	Calm      = doctor.Calm
	Quiet     = doctor.Quiet
	Busy      = doctor.Busy
	Deaf      = doctor.Deaf
	Poisoned  = doctor.Poisoned
)

// FirstRequest is how long a reachable node may wait for its first request before that means something.
const FirstRequest = doctor.FirstRequest

// Diagnose says why it is quiet here, or that all is well, from what a Snapshot shows: see package doctor.
func Diagnose(s *Snapshot) []Finding { return doctor.Diagnose(s) }

// DoctorChecks are the names of all findings, in their order.
func DoctorChecks() []Word { return doctor.Checks() }

// DoctorCauses are all causes.
func DoctorCauses() []Word { return doctor.Causes() }

// WeatherOf returns the weather, which is NoWeather before the node has joined.
func WeatherOf(s *Snapshot) Weather { return doctor.WeatherOf(s) }

// ExplainWeather returns the sentence that says what the weather follows from.
func ExplainWeather(s *Snapshot) string { return doctor.ExplainWeather(s) }
