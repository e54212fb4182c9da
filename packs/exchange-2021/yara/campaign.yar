/*
  What this campaign left in files, in our own words. The rules judge content; where the file lies is judged elsewhere.
  How the meta entries work: packs/README.md.
*/

rule exchange2021_oab_dump_with_script
{
    meta:
        description = "Dump of address book settings with script in it"
        reference = "https://github.com/helsecert/2021-march-exchange; https://github.com/OTRF/Security-Datasets"
        postern_stage = "success"
        postern_witness = "direct"
        postern_act = "page-content"
        postern_level = "critical"
        postern_meaning = "The file is a dump of the web server's settings with script among them: a web shell of this campaign."
        postern_cves = "CVE-2021-27065"
        postern_techniques = "T1505.003"
        postern_falsepositives = "Copies kept by defenders"
        postern_implant = "web-shell"
    strings:
        $field1 = "PollInterval" ascii wide nocase
        $field2 = "OfflineAddressBooks" ascii wide nocase
        $field3 = "InternalAuthenticationMethods" ascii wide nocase
        $field4 = "ExternalAuthenticationMethods" ascii wide nocase
        $field5 = "BasicAuthentication" ascii wide nocase
        $field6 = "MetabasePath" ascii wide nocase
        $field7 = "AdminDisplayVersion" ascii wide nocase
        $url1 = "ExternalUrl" ascii wide nocase
        $url2 = "InternalUrl" ascii wide nocase
        $script1 = "<script" ascii wide nocase
        $script2 = "<%" ascii wide
        $script3 = "Page_Load" ascii wide nocase
    condition:
        filesize < 64KB and 3 of ($field*) and any of ($url*) and any of ($script*)
}

rule exchange2021_request_run_as_code
{
    meta:
        description = "Small page that runs what a request holds"
        reference = "https://github.com/Neo23x0/signature-base"
        postern_stage = "success"
        postern_witness = "direct"
        postern_act = "page-content"
        postern_level = "critical"
        postern_meaning = "The page runs as code whatever a request sends it: a web shell."
        postern_techniques = "T1505.003"
        postern_falsepositives = "Samples and documentation"
        postern_implant = "web-shell"
    strings:
        $run = /\b(eval|execute|executeglobal)\s*\(\s*(System\.Text\.Encoding[^)]{0,80}\(\s*)?(System\.Convert\.FromBase64String\s*\(\s*)?Request\s*[.\[(]/ nocase
        // What $run holds in any case: most pages have neither, and the engine need not be asked about them.
        $call1 = "eval" nocase
        $call2 = "execute" nocase
        $server1 = "runat" nocase
        $server2 = "<%"
        $server3 = "language" nocase
    condition:
        filesize < 16KB and $run and any of ($call*) and any of ($server*)
}

rule exchange2021_upload_from_request
{
    meta:
        description = "Small page that writes what a request holds to a file"
        reference = "https://github.com/Neo23x0/signature-base"
        postern_stage = "success"
        postern_witness = "direct"
        postern_act = "page-content"
        postern_level = "high"
        postern_meaning = "The page writes a file with content that a request sends it, as the first shells of this campaign do."
        postern_techniques = "T1505.003; T1105"
        postern_falsepositives = "Upload pages of other applications"
        postern_implant = "web-shell"
    strings:
        $write1 = "StreamWriter" nocase
        $write2 = "WriteAllText" nocase
        $write3 = "WriteAllBytes" nocase
        $write4 = ".SaveAs" nocase
        $from = /Request\s*(\.\s*(Form|Item|QueryString|Files|Params)\s*)?\[/ nocase
        $map = "MapPath" nocase
        $page1 = "runat" nocase
        $page2 = "<%"
    condition:
        filesize < 16KB and any of ($write*) and $from and $map and any of ($page*)
}

rule exchange2021_mail_or_certificate_with_script
{
    meta:
        description = "Mailbox file or certificate request with a server page in it"
        reference = "https://github.com/Neo23x0/signature-base"
        postern_stage = "success"
        postern_witness = "direct"
        postern_act = "page-content"
        postern_level = "critical"
        postern_meaning = "The file begins as a mailbox or a certificate request and holds a page further in: a smuggled web shell."
        postern_techniques = "T1505.003"
        postern_falsepositives = "Mail that speaks of web shells, if it lies in a web folder"
        postern_implant = "web-shell"
    strings:
        $pst = { 21 42 44 4E }
        $der = { 30 82 }
        $page1 = "<script" nocase
        $page2 = "<%@" nocase
        $run = /runat\s*=\s*["']?server/ nocase
    condition:
        ($pst at 0 or $der at 0) and $run and any of ($page*)
}

rule exchange2021_compiled_web_shell
{
    meta:
        description = "Compiled page that runs what a request holds"
        reference = "https://github.com/Neo23x0/signature-base; https://github.com/OTRF/Security-Datasets"
        postern_stage = "use"
        postern_witness = "indirect"
        postern_act = "page-compiled"
        postern_level = "high"
        postern_meaning = "The web server compiled a page that runs requests as code, so the page was asked for and ran."
        postern_techniques = "T1505.003"
        postern_falsepositives = "Pages of other applications that use JScript"
    strings:
        $mz = { 4D 5A }
        $net = "_CorDllMain"
        $run1 = "JScriptEvaluate"
        $run2 = "StackFrame"
        $unsafe = "unsafe" wide
        $place1 = "aspnet_client" wide nocase
        $place2 = "~/auth/" wide nocase
        $place3 = "/owa/auth/" wide nocase
    condition:
        $mz at 0 and filesize < 200KB and $net and all of ($run*) and ($unsafe or any of ($place*))
}

rule exchange2021_ecp_pool_off
{
    meta:
        description = "Application pool of the web console does not start by itself"
        reference = "https://github.com/microsoft/CSS-Exchange/tree/main/Security"
        postern_stage = "probe"
        postern_witness = "lead"
        postern_act = "mitigation-applied"
        postern_level = "informational"
        postern_meaning = "The configuration keeps the web console from starting, as Microsoft's mitigation of CVE-2021-27065 does."
        postern_cves = "CVE-2021-27065"
        postern_falsepositives = "Maintenance"
    strings:
        $pool = /<add\s[^>]{0,200}name="MSExchangeECPAppPool"[^>]{0,200}autoStart="false"/ nocase
        $turned = /<add\s[^>]{0,200}autoStart="false"[^>]{0,200}name="MSExchangeECPAppPool"/ nocase
    condition:
        any of them
}

rule exchange2021_oab_pool_off
{
    meta:
        description = "Application pool of the download of address books does not start by itself"
        reference = "https://github.com/microsoft/CSS-Exchange/tree/main/Security"
        postern_stage = "probe"
        postern_witness = "lead"
        postern_act = "mitigation-applied"
        postern_level = "informational"
        postern_meaning = "The configuration keeps the download of address books from starting, as Microsoft's mitigation of CVE-2021-26858 does."
        postern_cves = "CVE-2021-26858"
        postern_falsepositives = "Maintenance"
    strings:
        $pool = /<add\s[^>]{0,200}name="MSExchangeOABAppPool"[^>]{0,200}autoStart="false"/ nocase
        $turned = /<add\s[^>]{0,200}autoStart="false"[^>]{0,200}name="MSExchangeOABAppPool"/ nocase
    condition:
        any of them
}
