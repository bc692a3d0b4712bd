package testnet
import ("fmt";"dhtop/dhtcore/lookup")
func dumpZZ(s lookup.State){
   fmt.Println("==",s.Elapsed,s.Round,s.Queries)
}
