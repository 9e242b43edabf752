import Glibc

// What libFuzzer calls. The target is chosen by the environment, so that one program holds them all.

private let target: FuzzTarget = {
    guard let name = getenv("FUZZ_TARGET"), let target = FuzzTarget(rawValue: String(cString: name)) else {
        fatalError("FUZZ_TARGET is one of \(FuzzTarget.allCases.map(\.rawValue)).")
    }
    return target
}()

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    do throws(BrokenPromise) {
        try target.check(UnsafeRawBufferPointer(start: data, count: count))
        return 0
    } catch {
        fatalError(error.description)
    }
}
