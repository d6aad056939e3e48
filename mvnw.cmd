@echo off
rem Builds with Apache Maven: an installed mvn of 3.6.3 or later, otherwise the version pinned in
rem .mvn\maven.properties, fetched once into %USERPROFILE%\.m2\wrapper and checked against its SHA-512.
rem MVNW_FETCH=always uses the pinned version in any case, MVNW_URL fetches from another place.
setlocal
set "HERE=%~dp0"
for /f "usebackq tokens=1,* delims==" %%a in (`findstr /v /b "#" "%HERE%.mvn\maven.properties"`) do set "%%a=%%b"

if "%MVNW_FETCH%"=="always" goto pinned
where mvn >nul 2>nul || goto pinned
powershell -NoProfile -Command "$v = (mvn -B --version | Select-String 'Apache Maven ([0-9]+(\.[0-9]+)+)').Matches[0].Groups[1].Value; if ([version]$v -lt [version]'3.6.3') { exit 1 }"
if errorlevel 1 goto pinned
call mvn %*
exit /b %ERRORLEVEL%

:pinned
set "MAVEN=%USERPROFILE%\.m2\wrapper\apache-maven-%mavenVersion%"
if exist "%MAVEN%\bin\mvn.cmd" goto run
if defined MVNW_URL set "distributionUrl=%MVNW_URL%"
echo mvnw: fetching %distributionUrl% 1>&2
powershell -NoProfile -Command ^
  "$ErrorActionPreference = 'Stop'; $ProgressPreference = 'SilentlyContinue';" ^
  "$wrapper = Split-Path $env:MAVEN; New-Item -ItemType Directory -Force $wrapper | Out-Null;" ^
  "$work = Join-Path $wrapper ('fetching.' + [guid]::NewGuid()); New-Item -ItemType Directory $work | Out-Null;" ^
  "try {" ^
  "  $archive = Join-Path $work 'maven.tar.gz';" ^
  "  Invoke-WebRequest -UseBasicParsing -Uri $env:distributionUrl -OutFile $archive;" ^
  "  $actual = (Get-FileHash -Algorithm SHA512 $archive).Hash.ToLower();" ^
  "  if ($actual -ne $env:distributionSha512) { throw ('SHA-512 is ' + $actual + ', expected ' + $env:distributionSha512) };" ^
  "  tar -xzf $archive -C $work; if ($LASTEXITCODE -ne 0) { throw 'cannot unpack' };" ^
  "  Move-Item (Join-Path $work ('apache-maven-' + $env:mavenVersion)) $env:MAVEN" ^
  "} catch { [Console]::Error.WriteLine('mvnw: ' + $_); exit 1 } finally { Remove-Item -Recurse -Force $work }"
if errorlevel 1 exit /b 1

:run
call "%MAVEN%\bin\mvn.cmd" %*
exit /b %ERRORLEVEL%
